/**
 * Canonical files are read by other programs, too: what js-yaml (YAML 1.2) and PyYAML (YAML 1.1) make of them is what
 * was written, whatever the strings are. HOSTILE_STRINGS chooses another number of strings, HOSTILE_SEED others.
 *
 * A lone surrogate, half of a character, is written as `"\ud800"`. yaml, js-yaml and PyYAML read it as it was. libyaml,
 * and what is built on it, refuses the file, and so does not take it for something else: every second file has none.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as jsYaml from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/model/json.js';
import { emitMembers } from '../../src/state/emit.js';
import { scanCanonical } from '../../src/state/scan.js';
import { anyHostile, longWords, seeded } from '../support/attacks.js';

const COUNT = Number(process.env.HOSTILE_STRINGS ?? 15_000);
const SEED = Number(process.env.HOSTILE_SEED ?? 20261120);
const PER_FILE = 1000;
/** YAML gives a key on one line 1,024 characters; a character is written with six at most. */
const LONGEST_KEY = 150;

/** One file: each string as a key, and as a value in one of the places where values stand. */
function documentOf(strings: readonly string[]): JsonObject {
  const keyOf = (text: string) => Array.from(text).slice(0, LONGEST_KEY).join('');
  const members = strings.map((text, index): [string, Json] => {
    const other = strings[(index * 7 + 3) % strings.length] as string;
    const values: readonly Json[] = [text, [text, other], { [keyOf(other)]: text }, [{ a: text }, [other]]];
    return [keyOf(text), values[index % values.length] as Json];
  });
  return Object.fromEntries(members);
}

const random = seeded(SEED);
const documents = Array.from({ length: Math.ceil(COUNT / PER_FILE) }, (_, at) => {
  const strings = [...(at < 2 ? longWords : []), ...Array.from({ length: PER_FILE }, () => anyHostile(random))];
  return documentOf(at % 2 === 0 ? strings : strings.map((text) => text.replace(/\p{Cs}/gu, '')));
});
const texts = documents.map((document) => emitMembers(document, ''));

/** Pairs of what was written and what came back, where they differ. */
function differing(read: (text: string) => unknown): unknown[] {
  return documents.flatMap((document, at) => {
    const found = read(texts[at] as string);
    if (isDeepStrictEqual(found, document)) return [];
    const other = found as JsonObject;
    const names = Object.keys(document).filter((name) => !isDeepStrictEqual(other[name], document[name]));
    return [names.slice(0, 3).map((name) => [name, document[name], other[name]])];
  });
}

const folder = mkdtempSync(join(tmpdir(), 'knowngood-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Python that has PyYAML. */
const python = ['python3', '/usr/bin/python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Tells what PyYAML reads otherwise, and what libyaml does: on files with lone surrogates, and on the others. */
const PROGRAM = `
import json, sys, yaml
folder, count = sys.argv[1], int(sys.argv[2])
seen = {"wrong": [], "libyaml": hasattr(yaml, "CSafeLoader"), "refused": 0, "read": 0}
def compare(text, wanted, loader):
    found = yaml.load(text, Loader=loader)
    if found != wanted:
        seen["wrong"] += [[loader.__name__, k, v, found.get(k)] for k, v in wanted.items() if found.get(k, 0) != v][:3]
for at in range(count):
    with open(f"{folder}/{at}.json") as file: wanted = json.load(file)
    with open(f"{folder}/{at}.yaml", "rb") as file: text = file.read()
    compare(text, wanted, yaml.SafeLoader)
    if not seen["libyaml"]: continue
    try:
        compare(text, wanted, yaml.CSafeLoader)
        seen["read"] += 1
    except yaml.scanner.ScannerError as error:
        if "invalid Unicode character escape" not in str(error): raise
        seen["refused"] += 1
print(json.dumps(seen))
`;

describe(`${COUNT} hostile strings in canonical files`, { timeout: 1_800_000 }, () => {
  it('are read by yaml and by the reader of our own as they were', () => {
    expect(differing((text) => parse(text))).toEqual([]);
    expect(differing(scanCanonical)).toEqual([]);
  });

  it('are read by js-yaml as they were', () => {
    expect(differing((text) => jsYaml.load(text))).toEqual([]);
  });

  it.skipIf(python === undefined)(
    `are read by PyYAML as they were${python === undefined ? ': no Python has it' : ''}`,
    () => {
      for (const [at, text] of texts.entries()) {
        writeFileSync(join(folder, `${at}.yaml`), text);
        writeFileSync(join(folder, `${at}.json`), JSON.stringify(documents[at]));
      }
      const args = ['-c', PROGRAM, folder, String(texts.length)];
      const told = JSON.parse(execFileSync(python as string, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }));
      const half = { refused: Math.ceil(texts.length / 2), read: Math.floor(texts.length / 2) };
      const [libyaml, counts] = told.libyaml ? [true, half] : [false, { refused: 0, read: 0 }];
      expect(told).toEqual({ wrong: [], libyaml, ...counts });
    },
  );
});
