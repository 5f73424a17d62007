import { defineConfig } from 'vitest/config';

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

export default defineConfig({
  test: {
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
