/** Runs processes and measures them: time, processor time, and the most memory that each held at once. */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const EVERY_MS = 20;

/**
 * Runs a program to its end. `stdin`, `stdout`: files. Resolves to `{ seconds, cpu, peak, stderr }`: `cpu` in seconds,
 * with its children; `peak` holds the bytes of each process by its name, empty where the system does not tell.
 */
export async function run(name, command, args, { stdin, stdout, ...options } = {}) {
  const files = [
    stdin === undefined ? 'ignore' : openSync(stdin, 'r'),
    stdout === undefined ? 'ignore' : openSync(stdout, 'w'),
  ];
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { ...options, stdio: [...files, 'pipe'] });
  const watch = watching(name, child.pid);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr = (stderr + text).slice(-4000);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const seen = watch.stop();
  for (const file of files) if (typeof file === 'number') closeSync(file);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr.trim()}`);
  return { seconds, ...seen, stderr };
}

/** Looks at a process and its children while they run. What is looked at only grows, so the last look is what counts. */
function watching(name, pid) {
  const peak = {};
  const cpu = new Map();
  const look = (id, what) => {
    const status = readOrNothing(`/proc/${id}/status`);
    const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    if (kilobytes > 0) peak[what] = Math.max(peak[what] ?? 0, kilobytes * 1024);
    const fields = readOrNothing(`/proc/${id}/stat`)
      .replace(/^.*\) /, '')
      .split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (ticks >= 0) cpu.set(id, ticks / 100);
    for (const task of readOrNothing(`/proc/${id}/task/${id}/children`).split(' ')) {
      const child = task === '' ? undefined : nameOf(task);
      if (child !== undefined) look(Number(task), child);
    }
  };
  look(pid, name);
  const timer = setInterval(() => look(pid, name), EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return { peak, cpu: [...cpu.values()].reduce((sum, each) => sum + each, 0) };
    },
  };
}

/** `git index-pack`: git and the first of its words that is no option; undefined for what is not git, or not yet. */
function nameOf(id) {
  const [program, ...words] = readOrNothing(`/proc/${id}/cmdline`).split('\0');
  if (program.split('/').at(-1) !== 'git') return undefined;
  const verb = words.find((word, index) => word !== '' && !word.startsWith('-') && words[index - 1] !== '-c');
  return `git ${verb ?? ''}`.trim();
}

/** The most memory that a running process has held so far; undefined where the system does not tell. */
export function peakOf(pid) {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readOrNothing(`/proc/${pid}/status`)) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Medians of how long several programs take, in seconds, each run as often; taken in turns, so that all have the same luck. */
export function medians(programs, times, options) {
  const taken = programs.map(() => []);
  for (let round = 0; round < times; round += 1) {
    for (const [index, args] of programs.entries()) {
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(process.execPath, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
      taken[index].push(Number(process.hrtime.bigint() - started) / 1e9);
      if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
    }
  }
  return taken.map((seconds) => seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)]);
}
