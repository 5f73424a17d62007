/** Progress of long work on stderr: nothing in the first second, then one line. */

import type { Progress } from '../model/documents.js';
import { thousands, timeSpan } from '../report/words.js';

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressLine {
  report(progress: Progress): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

const QUIET_FOR = 1000;
const REDRAW_EVERY = 100;
const LINE_EVERY = 5000;
/** The rate is that of so long ago until now: what Graph lets pass at first is more than what it lets pass later. */
const RATE_OF = 30_000;
const SAMPLE_EVERY = 1000;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** `live`: the stream is a terminal on which one line can be redrawn; else at most one line every five seconds. */
export function progressLine(stream: ProgressStream, clock: () => Date, live: boolean): ProgressLine {
  const began = clock().getTime();
  const pieces = new Map<string, Sample[]>();
  const starts = new Map<string, number>();
  let lastShown = Number.NEGATIVE_INFINITY;
  let visible = false;

  return {
    report(progress) {
      const now = clock().getTime();
      const samples = pieces.get(progress.what) ?? [];
      pieces.set(progress.what, samples);
      const first = samples[0] ?? { at: now, done: progress.done };
      const begun = starts.get(progress.what) ?? now;
      starts.set(progress.what, begun);
      if (now - (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= SAMPLE_EVERY)
        samples.push({ at: now, done: progress.done });
      while (samples[1] !== undefined && now - samples[1].at >= RATE_OF) samples.shift();
      const finished = progress.done === progress.total;
      const pause = live ? (finished ? 0 : REDRAW_EVERY) : LINE_EVERY;
      const age = now - (live ? began : begun);
      if (age < QUIET_FOR || now - lastShown < pause) return;
      lastShown = now;
      const line = progressText(progress, now - first.at, progress.done - first.done);
      visible = live;
      stream.write(live ? `\r${shortened(line, stream.columns || 80)}\u001b[K` : `${line}\n`);
    },
    clear() {
      if (visible) stream.write('\r\u001b[K');
      visible = false;
    },
  };
}

/**
 * `Applying  12,000 of 48,000  20/s  98% of write budget  30 min left`: `done` in `elapsed` milliseconds. It takes at least as
 * long as Graph's limits say, however fast it went so far.
 */
export function progressText(progress: Progress, elapsed: number, done: number): string {
  const count = thousands(progress.done);
  const parts = [progress.what, progress.total === undefined ? count : `${count} of ${thousands(progress.total)}`];
  const rate = elapsed >= 500 ? (done * 1000) / elapsed : 0;
  if (rate > 0) parts.push(rate >= 10 ? `${thousands(Math.round(rate))}/s` : `${rate.toFixed(1)}/s`);
  if (progress.budgetUsed !== undefined) parts.push(`${Math.round(progress.budgetUsed * 100)}% of write budget`);
  const left = progress.total === undefined ? 0 : progress.total - progress.done;
  const seconds = Math.max(rate > 0 ? left / rate : 0, progress.leastSeconds ?? 0);
  if (left > 0 && seconds > 0) parts.push(`${timeSpan(seconds)} left`);
  return parts.join('  ');
}

function shortened(line: string, columns: number): string {
  const room = Math.max(10, columns - 1);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}
