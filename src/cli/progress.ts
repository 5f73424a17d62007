/** Progress of long work on stderr: nothing in the first second, then one line. */

import type { Progress } from '../model/documents.js';

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

/** `live`: the stream is a terminal on which one line can be redrawn; else at most one line every five seconds. */
export function progressLine(stream: ProgressStream, clock: () => Date, live: boolean): ProgressLine {
  const began = clock().getTime();
  const pieces = new Map<string, { readonly at: number; readonly done: number }>();
  let lastShown = Number.NEGATIVE_INFINITY;
  let visible = false;

  return {
    report(progress) {
      const now = clock().getTime();
      const piece = pieces.get(progress.what) ?? { at: now, done: progress.done };
      pieces.set(progress.what, piece);
      const finished = progress.done === progress.total;
      const pause = live ? (finished ? 0 : REDRAW_EVERY) : LINE_EVERY;
      const age = now - (live ? began : piece.at);
      if (age < QUIET_FOR || now - lastShown < pause) return;
      lastShown = now;
      const line = progressText(progress, now - piece.at, progress.done - piece.done);
      visible = live;
      stream.write(live ? `\r${shortened(line, stream.columns || 80)}\u001b[K` : `${line}\n`);
    },
    clear() {
      if (visible) stream.write('\r\u001b[K');
      visible = false;
    },
  };
}

/** `Reading users  12,000 of 48,000  3,100/s  12 s left` */
export function progressText(progress: Progress, elapsed: number, done: number): string {
  const count = number(progress.done);
  const parts = [progress.what, progress.total === undefined ? count : `${count} of ${number(progress.total)}`];
  const rate = elapsed >= 500 ? (done * 1000) / elapsed : 0;
  if (rate > 0) parts.push(rate >= 10 ? `${number(Math.round(rate))}/s` : `${rate.toFixed(1)}/s`);
  const left = progress.total === undefined ? 0 : progress.total - progress.done;
  if (rate > 0 && left > 0) parts.push(`${duration(left / rate)} left`);
  return parts.join('  ');
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function shortened(line: string, columns: number): string {
  const room = Math.max(10, columns - 1);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}
