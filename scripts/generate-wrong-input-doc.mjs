/** Writes docs/wrong-input.md from what the built command line says, by the test that compares the two. */

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
execFileSync(process.execPath, [join(dirname(vitest), 'vitest.mjs'), 'run', 'test/wrong-input'], {
  stdio: 'inherit',
  env: { ...process.env, KNOWNGOOD_UPDATE: '1' },
});
