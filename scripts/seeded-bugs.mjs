/**
 * Seeds each bug of test/seeded-bugs/bugs.mjs in a copy of the checkout, runs the tests that are said to find it, and
 * prints which went red. Exit code 1 when a bug was not found. Arguments: numbers of bugs; none for all.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bugs } from '../test/seeded-bugs/bugs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const numbers = process.argv.slice(2).map(Number);
let missed = 0;

for (const [index, bug] of bugs.entries()) {
  if (numbers.length > 0 && !numbers.includes(index + 1)) continue;
  const red = failuresWith(bug);
  if (red.length === 0) missed += 1;
  console.log(`${index + 1}. ${bug.name}: ${red.length === 0 ? 'NOT FOUND' : `${red.length} tests red`}`);
  for (const name of red.slice(0, 3)) console.log(`   ${name}`);
}
process.exitCode = missed === 0 ? 0 : 1;

/** Full names of the tests that fail with a bug in place. */
function failuresWith({ file, from, to, tests }) {
  const folder = mkdtempSync(join(tmpdir(), 'knowngood-seeded-'));
  try {
    copyTo(folder);
    const target = join(folder, file);
    writeFileSync(
      target,
      readFileSync(target, 'utf8').replace(from, () => to),
    );
    run(folder, ['scripts/build.mjs'], 'pipe');
    const report = join(folder, 'report.json');
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    run(folder, [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...tests], 'ignore');
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.flatMap(({ name, status, assertionResults }) => {
      const where = relative(folder, name);
      const failed = assertionResults.filter((each) => each.status === 'failed');
      if (failed.length === 0 && status === 'failed') return [`${where} (the file as a whole)`];
      return failed.map((each) => `${where} > ${each.fullName}`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyTo(folder) {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files) cpSync(join(root, file), join(folder, file), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

function run(cwd, args, stdio) {
  const { error, status } = spawnSync(process.execPath, args, { cwd, stdio });
  if (error !== undefined) throw error;
  return status;
}
