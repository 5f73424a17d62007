/** Wrong input, row by row: what is said is right, complete and documented, and nothing is left half-written. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorText } from '../../src/cli/errors.js';
import { Failure } from '../../src/model/problem.js';
import { attempt, type Driver, normalised, type Said, startDriver } from './attempt.js';
import { configuration } from './configuration.js';
import { connection } from './connection.js';
import { machine } from './machine.js';
import { names } from './names.js';
import { blockOf, blockOnPage, outlineOf, outlineOfPage, writePage } from './page.js';
import { contentsOf, openPlaces, type Place, type Places } from './place.js';
import { plans, stateFiles } from './plans.js';
import { repository } from './repository.js';
import type { Chapter, Row } from './row.js';

const CHAPTERS: readonly Chapter[] = [configuration, names, repository, connection, plans, stateFiles, machine];
/** Writes the page instead of comparing with it. */
const UPDATE = process.env.KNOWNGOOD_UPDATE === '1';
/** Starts a process for every command line, as the page is made, and not only where it matters. */
const PROCESSES = UPDATE || process.env.KNOWNGOOD_WRONG_INPUT === 'processes';

const fitsErrorSchema = new Ajv2020().compile(
  JSON.parse(readFileSync(new URL('../../schemas/output/error.json', import.meta.url), 'utf8')),
);
const blocks = new Map<Row, string>();
let places: Places;
let driver: Driver;

beforeAll(async () => {
  places = await openPlaces();
  driver = startDriver();
});
afterAll(async () => {
  driver.close();
  await places.close();
  if (UPDATE) writePage(CHAPTERS, blocks);
});

it('docs/wrong-input.md has a section for each row, and no other', () => {
  if (!UPDATE) expect(outlineOfPage()).toEqual(outlineOf(CHAPTERS));
  expect(new Set(outlineOf(CHAPTERS)).size).toBe(outlineOf(CHAPTERS).length);
});

describe.each(CHAPTERS)('$title', ({ rows }) => {
  it.concurrent.each(rows.map((row) => [row.title, row] as const))('%s', async (_, row) => {
    const reason = row.cannot?.();
    if (reason !== undefined) return console.warn(`Not tried: ${row.title}. ${reason}`);
    const shared = row.around === undefined && row.stdout === undefined && !PROCESSES;
    const type = shared ? driver.attempt : attempt;
    const asText = await told(row, type, []);
    const quoted = row.typed(asText.place).map((word) => (/\s/.test(word) ? `"${word}"` : word));
    const typed = [...quoted, ...(row.stdout === undefined ? [] : ['>', row.stdout])].join(' ');
    const shown = normalised(outputOf(row, asText.said), row, asText.place);
    const block = blockOf(row, { typed, output: shown, exit: row.exit });
    if (UPDATE) blocks.set(row, block);
    else expect(block, 'npm run docs:wrong-input writes the page again').toBe(blockOnPage(row));
    if (row.code === undefined) return;
    const isJson = row.typed(asText.place).includes('--json');
    expect(isJson ? asText.said.stderr : asText.said.stdout).toBe('');
    const asJson = isJson ? asText : await told(row, type, ['--json']);
    if (row.stdout !== undefined) return expect(asJson.said.stderr).toBe(asText.said.stderr);
    const { error } = documentIn(asJson.said);
    expect(error.code).toBe(row.code);
    expect(error.remedy).toMatch(/^\S.*[.!?]$/s);
    const failure = new Failure({
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      ...(error.where === null ? {} : { where: error.where }),
    });
    const asErrorText = normalised(errorText(failure, false), row, asJson.place);
    if (!isJson) expect(shown.slice(-asErrorText.length - 1)).toBe(`${asErrorText}\n`);
  });
});

/** Runs the command in a copy of its own, and holds it against what must be so after every mistake. */
async function told(
  row: Row,
  type: typeof attempt,
  more: readonly string[],
): Promise<{ readonly said: Said; readonly place: Place }> {
  const place = places.copy();
  const undo = await row.prepare?.(place);
  const before = contentsOf(place.outside);
  const said = await type(row, place, more);
  if (typeof undo === 'function') await undo();
  expect({ ...said, code: said.code }, `${said.stdout}${said.stderr}`).toMatchObject({ code: row.exit });
  if (row.changes !== true) expect(contentsOf(place.outside)).toEqual(before);
  expect(said.stdout + said.stderr).not.toMatch(/\n\s+at |node_modules|node:internal|secret/);
  return { said, place };
}

interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly remedy: string;
  };
}

function documentIn({ stdout }: Said): ErrorDocument {
  const document = JSON.parse(stdout) as ErrorDocument;
  expect(fitsErrorSchema(document), JSON.stringify(fitsErrorSchema.errors)).toBe(true);
  return document;
}

function outputOf({ lines, code }: Row, { stdout, stderr }: Said): string {
  if (code !== undefined) return stderr === '' ? stdout : stderr;
  const all = stdout.trimEnd().split('\n');
  return lines === undefined || all.length <= lines ? `${stdout}${stderr}` : `${all.slice(0, lines).join('\n')}\n…\n`;
}
