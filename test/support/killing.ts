/**
 * Ends a command in the middle: the whole process group, with SIGKILL, after a time or when its git comes to a point. A
 * git of our own on the PATH is the real one until that point.
 */

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cleanEnvironment, EXECUTABLE } from '../cli/run-cli.js';

/** When a command is killed. `nth`: at which of its git processes with this command. */
export type Moment =
  | { readonly when: 'time'; readonly milliseconds: number }
  | {
      readonly when: 'before' | 'after' | 'locked';
      readonly command: string;
      readonly nth?: number;
    }
  | { readonly when: 'during'; readonly command: string; readonly nth?: number; readonly milliseconds: number };

export function describeMoment(moment: Moment): string {
  if (moment.when === 'time') return 'time';
  return `${moment.when} ${moment.command}${moment.nth === undefined ? '' : ` ${moment.nth}`}`;
}

export interface Victim {
  /** False when the command had ended before its moment came. */
  readonly killed: boolean;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `locked`: git holds the locks of its refs, and never gets to know that it may move them. `during`: git is at work for so
 * long.
 */
const SHIM = `#!/bin/sh
PATH=$OUTER_PATH
skip=
for word do
  if [ -n "$skip" ]; then skip=; continue; fi
  if [ "$word" = -c ]; then skip=yes; continue; fi
  break
done
[ "$word" = "$KILL_COMMAND" ] || exec git "$@"
n=1
while ! mkdir "$KILL_FOLDER/$n" 2>/dev/null; do n=$((n + 1)); done
[ "$n" = "$KILL_NTH" ] || exec git "$@"
exec 3<&0
case $KILL_WHEN in
before) ;;
after) git "$@" ;;
during)
  git "$@" <&3 &
  sleep "$KILL_SECONDS"
  ;;
locked)
  heard=$KILL_FOLDER/heard
  for last do ref=$second; second=$last; done
  {
    if [ "$last" = -z ]; then tr '\\0' '\\n' <&3 | grep -v '^commit$' | tr '\\n' '\\0'
    else printf 'start\\0update %s\\0%s\\0\\0prepare\\0' "$ref" "$last"; fi
    sleep 60
  } | git update-ref --stdin -z >"$heard" &
  until grep -q prepare "$heard"; do sleep 0.01; done
  ;;
esac
kill -KILL 0
`;

/** Whether processes can be killed as a group here. */
export const CAN_KILL = process.platform !== 'win32';

/** Kills commands; the folder is for what it needs on disk. */
export function killer(folder: string): (
  args: readonly string[],
  moment: Moment,
  more: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  },
) => Promise<Victim> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'git'), SHIM);
  chmodSync(join(bin, 'git'), 0o755);
  return async (args, moment, { cwd, env }) => {
    const clean = cleanEnvironment(env);
    const path = clean.PATH ?? '';
    const child = spawn(process.execPath, [EXECUTABLE, ...args], {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...clean,
        ...(moment.when === 'time' ? {} : shimmed(bin, path, mkdtempSync(join(folder, 'kill-')), moment)),
      },
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    if (moment.when === 'time' && child.pid !== undefined) {
      await Promise.race([pause(moment.milliseconds), ended]);
      if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    }
    const code = await ended;
    return { killed: child.signalCode === 'SIGKILL', code, ...said };
  };
}

function shimmed(
  bin: string,
  path: string,
  folder: string,
  moment: Exclude<Moment, { when: 'time' }>,
): Record<string, string> {
  return {
    PATH: `${bin}:${path}`,
    OUTER_PATH: path,
    KILL_FOLDER: folder,
    KILL_COMMAND: moment.command,
    KILL_WHEN: moment.when,
    KILL_NTH: String(moment.nth ?? 1),
    KILL_SECONDS: moment.when === 'during' ? String(moment.milliseconds / 1000) : '',
  };
}
