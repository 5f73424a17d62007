/** Commits as backups see them: details and trailers, read so that no text in a message can be mistaken for another field. */

import { Failure } from '../model/problem.js';
import { askGit, type Git } from './git.js';
import type { CommitDetails } from './types.js';

/** Fields end in NUL, which no commit can contain; `-z` ends the last one. */
const FIELDS = ['%H', '%P', '%ct', '%an', '%ae', '%s', '%(trailers:only,unfold)'] as const;
const FORMAT = [
  '-z',
  `--format=tformat:${FIELDS.join('%x00')}`,
  '--encoding=UTF-8',
  '--no-color',
  '--no-notes',
  '--no-show-signature',
  '--no-patch',
];

export interface LogOptions {
  readonly trailer: string;
  readonly limit?: number;
}

/**
 * Commits with a trailer, newest first, merged ones too: a merge that a person makes must not hide a backup.
 */
export async function readLog(git: Git, commit: string, options: LogOptions): Promise<CommitDetails[]> {
  const { trailer, limit = Number.POSITIVE_INFINITY } = options;
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(trailer)) {
    throw new Failure({ code: 'KG406', message: `${JSON.stringify(trailer)} is not the name of a trailer.` });
  }
  const filters = ['--basic-regexp', `--grep=^${trailer}:`];
  // Git finds lines that look like the trailer; whether they are trailers is known afterwards.
  for (let count = limit; ; count *= 2) {
    const most = Number.isFinite(count) ? [`--max-count=${count}`] : [];
    const found = parseLog(await askGit(git, ['log', ...filters, ...most, ...FORMAT, commit, '--']));
    const kept = found.filter((details) => details.trailers.has(trailer));
    if (kept.length >= limit || found.length < count) return kept.slice(0, limit);
  }
}

function parseLog(text: string): CommitDetails[] {
  const values = text.split('\0');
  const commits: CommitDetails[] = [];
  for (let at = 0; at + FIELDS.length <= values.length; at += FIELDS.length) {
    const [id = '', parents = '', seconds = '', name = '', mail = '', subject = '', trailers = ''] = values.slice(at);
    commits.push({
      id,
      parents: parents === '' ? [] : parents.split(' '),
      committed: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
      author: `${name} <${mail}>`,
      subject,
      trailers: parseTrailers(trailers),
    });
  }
  return commits;
}

/** `Name: value` lines as git prints them: one line each, because it unfolds them. */
function parseTrailers(text: string): ReadonlyMap<string, readonly string[]> {
  const trailers = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    const values = trailers.get(name);
    if (values === undefined) trailers.set(name, [value]);
    else values.push(value);
  }
  return trailers;
}
