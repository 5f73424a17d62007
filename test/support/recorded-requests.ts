/**
 * Judges, at the end of a run, every request that the client made in it. A violation makes the run fail. Runs of
 * everything also hold the list of requests to beta exactly: what no test makes any more does not belong there.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { VARIABLE } from '../metadata/recorder.mjs';
import { type Recorded, verdict } from '../metadata/verdict.js';

export function setup(project: TestProject): (() => Promise<void>) | undefined {
  // Every project of the configuration calls this; all of them record into one folder, which is judged once.
  if (process.env[VARIABLE] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'knowngood-requests-'));
  process.env[VARIABLE] = folder;
  return async () => {
    const { requests, violations } = verdict(recorded(folder), await isWhole(project));
    rmSync(folder, { recursive: true, force: true });
    if (requests > 0)
      console.log(
        `${requests} kinds of requests of the client: ${violations.length} violations of Microsoft's metadata.`,
      );
    if (violations.length === 0) return;
    console.error(['Requests that Microsoft does not know:', ...violations].join('\n  '));
    process.exitCode = 1;
  };
}

function recorded(folder: string): Recorded[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(']'))
      .map((line) => JSON.parse(line) as Recorded),
  );
}

/** Whether every test file ran, and every test in it. */
async function isWhole(project: TestProject): Promise<boolean> {
  const files = await project.vitest.globTestSpecifications();
  const ran = new Set(project.vitest.state.getTestModules().map(({ moduleId }) => moduleId));
  return project.vitest.config.testNamePattern === undefined && files.every(({ moduleId }) => ran.has(moduleId));
}
