/** The benchmark on a tiny tenant: that it runs to its end, and what it counts. How long things take is not judged here. */

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { cleanEnvironment, temporaryFolder } from '../cli/run-cli.js';

const BENCH = fileURLToPath(new URL('bench.mjs', import.meta.url));

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly met?: boolean;
}

it('measures everything, writes nothing that is not needed, and leaves nothing behind', async () => {
  const [folder, out] = [await temporaryFolder(), await temporaryFolder()];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [BENCH, '--objects', '200', '--brief', '--out', join(out, 'result')],
    { env: cleanEnvironment({ TMPDIR: folder }) },
  );
  const { rows } = JSON.parse(await readFile(join(out, 'result.json'), 'utf8')) as { rows: readonly Row[] };
  expect(stdout.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(rows.length + 1);
  expect(rows).toHaveLength(9);
  const counted = rows.filter(({ what }) => /^(?:writes|requests)/.test(what));
  expect(counted.map(({ measured, met }) => [measured.replace(/\d+/, 'N'), met])).toEqual([
    ['N: 0 unneeded, 0 missing', true],
    ['N', true],
  ]);
  expect(counted.every(({ measured }) => Number.parseInt(measured, 10) > 0)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});
