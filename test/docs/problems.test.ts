/** Codes of errors and findings: what the program can say, docs/problems.md explains, and nothing else. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/model/problem.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SRC = join(ROOT, 'src');
const CODE = /\bKG\d{3}\b/g;

const documented = readFileSync(join(ROOT, 'docs', 'problems.md'), 'utf8');
/** Rows of the tables: the code, then the cells. */
const rows = documented
  .split('\n')
  .filter((line) => /^\| KG\d{3} \|/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));

function codesIn(text: string): string[] {
  return [...new Set(text.match(CODE) ?? [])].sort();
}

describe('docs/problems.md', () => {
  it('has a row for every code in src/, and for no other', () => {
    const used = codesIn(sources.map(({ text }) => text).join('\n'));
    expect(used.length).toBeGreaterThan(50);
    expect(rows.map(([code]) => code)).toEqual(used);
  });

  it('mentions no code that has no row', () => {
    expect(codesIn(documented)).toEqual(rows.map(([code]) => code).sort());
  });

  it('says of every code what it means and what to do', () => {
    const poor = rows.filter(([, ...cells]) => cells.length < 2 || cells.some((cell) => cell === ''));
    expect(poor).toEqual([]);
  });

  it('gives exit code 4 to the codes that are refusals in src/, and to no other', () => {
    const refused = sources.flatMap(({ text }) =>
      // Each `new Failure({ … })`, which holds no other object that ends a statement.
      [...text.matchAll(/new Failure\(\{[\s\S]*?\n\s*\}\)/g)]
        .map(([failure]) => failure)
        .filter((failure) => /exit: (?:EXIT\.refused|4)\b/.test(failure))
        .flatMap((failure) => failure.match(CODE) ?? []),
    );
    const said = rows.filter(([, exit]) => exit === String(EXIT.refused)).map(([code]) => code);
    expect(said).toEqual([...new Set(refused)].sort());
  });
});
