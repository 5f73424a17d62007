import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that leave modules as they are: in one worker they share them, and load them once. */
const SHARING = [
  'apply',
  'architecture',
  'collect',
  'diff',
  'docs',
  'graph',
  'identity',
  'model',
  'plan',
  'registry',
  'report',
  'sandbox',
  'state',
  'strategies',
].map((folder) => `test/${folder}/**/*.test.ts`);

/** What takes longest begins first: else one worker is busy with it at the end, and the others wait. */
const LONG = [
  'scenarios/block-workloads',
  'convergence.property',
  'scenarios/block',
  'scenarios/incomplete',
  'state/canonical.property',
  'scenarios/targets',
  'commands/story',
  'scenarios/edges',
  'scenarios/selection',
  'wrong-input/wrong-input',
  'scenarios/killed',
].map((name) => `/test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/recorded-requests.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The commands under test are child processes, and a worker waits while one works: three keep two cores busy.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'parts', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: SHARING } },
    ],
  },
});
