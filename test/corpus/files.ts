/** Where the corpus is, and what its files hold. It is no part of the repository. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/model/json.js';
import { isJsonObject } from '../../src/model/json.js';

const VARIABLE = 'KNOWNGOOD_CORPUS';
const BESIDE = '../shared/corpus';
const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that hold objects of tenants. The others are Microsoft's documentation. */
const PARTS = ['policies', 'exports'];

export interface CorpusFile {
  /** The path inside the corpus, with slashes. */
  readonly path: string;
  /** The name of the folder that says what the file holds; `policies` for the exports of whole repositories. */
  readonly folder: string;
  readonly content: JsonObject;
}

/** The corpus, or the words that say why there is none. */
export type Corpus = { readonly files: readonly CorpusFile[] } | { readonly missing: string };

/** Reads the corpus that the environment names, else the one beside the repository. */
export function readCorpus(): Corpus {
  const named = process.env[VARIABLE];
  const root = named === undefined ? resolve(repository, BESIDE) : resolve(named);
  const there = PARTS.every((part) => existsSync(join(root, part)));
  if (!there) return { missing: `no corpus at ${named ?? BESIDE} (set ${VARIABLE})` };
  return { files: PARTS.flatMap((part) => filesUnder(root, part)) };
}

function filesUnder(root: string, folder: string): CorpusFile[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesUnder(root, path);
    if (!entry.name.endsWith('.json') || entry.name === 'MANIFEST.json') return [];
    const content: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'));
    if (!isJsonObject(content as JsonObject)) throw new Error(`${path} is no JSON object`);
    const [part = '', , kind = part] = folder.split('/');
    return [{ path, folder: part === 'policies' ? 'conditionalAccessPolicies' : kind, content: content as JsonObject }];
  });
}
