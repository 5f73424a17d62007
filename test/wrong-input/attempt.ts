/** Types one row of the table, and makes what was said the same on every machine. */

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, EXECUTABLE } from '../cli/run-cli.js';
import type { Place } from './place.js';
import type { Row } from './row.js';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function attempt(row: Row, place: Place, more: readonly string[]): Promise<Said> {
  const command = [process.execPath, EXECUTABLE, ...row.typed(place), ...more];
  const [program = '', ...args] =
    row.around === undefined
      ? command
      : ['unshare', '--mount', '--map-root-user', 'sh', '-c', row.around, 'sh', ...command];
  const into = row.stdout === undefined ? undefined : openSync(row.stdout, 'w');
  const child = spawn(program, args, {
    cwd: row.cwd?.(place) ?? place.root,
    env: environmentOf(row, place),
    stdio: ['ignore', into ?? 'pipe', 'pipe'],
  });
  if (into !== undefined) closeSync(into);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...said };
}

/** Types rows in a process that serves them all, one after the other. */
export interface Driver {
  attempt(row: Row, place: Place, more: readonly string[]): Promise<Said>;
  close(): void;
}

export function startDriver(): Driver {
  const child = fork(fileURLToPath(new URL('driver.mjs', import.meta.url)), { execArgv: [] });
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (message: object): Promise<Said> => {
    const answer = once(child, 'message');
    child.send(message);
    return (await answer)[0] as Said;
  };
  return {
    attempt(row, place, more) {
      const cwd = row.cwd?.(place) ?? place.root;
      const next = last.then(() => ask({ cwd, env: environmentOf(row, place), argv: [...row.typed(place), ...more] }));
      last = next.catch(() => undefined);
      return next;
    },
    close: () => child.disconnect(),
  };
}

function environmentOf(row: Row, place: Place): NodeJS.ProcessEnv {
  const own = { KNOWNGOOD_GRAPH_URL: place.url, ...row.env?.(place) };
  return cleanEnvironment(
    Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  );
}

/** Names in the place of what differs from run to run: paths, ports, commits, times. */
export function normalised(text: string, row: Row, place: Place): string {
  const commits = commitsOf(place);
  let plain = text.replaceAll(place.root, '~/acme').replaceAll(place.outside, '~');
  for (const [url, name] of [
    [place.url, 'http://127.0.0.1:8080'],
    [place.silent, 'http://127.0.0.1:8081'],
    [place.refusing, 'http://127.0.0.1:8082'],
  ] as const) {
    plain = plain.replaceAll(url, name).replaceAll(new URL(url).host, new URL(name).host);
  }
  plain = plain.replaceAll(place.plan.id, 'b'.repeat(64));
  for (const [index, commit] of commits.entries()) {
    const name = NAMES[index] ?? NAMES[0];
    for (const length of [40, 12, 7])
      plain = plain.replaceAll(commit.slice(0, length), name.padEnd(40, '0').slice(0, length));
  }
  plain = plain
    .replace(/\b([Pp]lan) [0-9a-f]{12}\b/g, `$1 ${'b'.repeat(12)}`)
    .replace(/\btook (?:less than a second|\d+ seconds?)/g, 'took 1 second')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-11-20 14:30 UTC')
    .replace(/\b(?:\d+ (?:second|minute)s? ago|just now)/g, '5 minutes ago');
  for (const [what, by] of row.varies ?? []) plain = plain.replace(what, by);
  return plain;
}

const NAMES = ['3f2a9c1', '5d0e7b2', '8c1f4a6', 'e7730bd', '91d2c5f'] as const;

/** Newest first. */
function commitsOf({ git }: Place): string[] {
  try {
    return git('rev-list', '--topo-order', 'main', 'HEAD').split('\n');
  } catch {
    return [];
  }
}
