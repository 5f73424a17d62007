/** Numbers, times and names of things in words: the same on every machine and in every locale. */

import type { Captured } from '../model/coverage.js';

/** `4,800` */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 object`, `4,800 objects` */
export function counted(count: number, singular: string, many = plural(singular)): string {
  return `${thousands(count)} ${count === 1 ? singular : many}`;
}

/** How many of a list are shown, where it should be `most`: a line that hides one item is as long as the item. */
export function shownOf(count: number, most: number): number {
  return count === most + 1 ? count : Math.min(count, most);
}

/** The plural of an English word, and so of a type's name: `policy` gives `policies`. */
export function plural(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

export function shortPlan(id: string): string {
  return id.slice(0, 12);
}

/** `2026-11-18 14:00 UTC`; text that is no time stays as it is. */
export function minute(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `less than a second`, `34 seconds`, `2 minutes`, `26 hours`, `3 days`, `5 months`: rounded down to a unit of which there are a few. */
export function duration(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < SECOND) return 'less than a second';
  if (span < MINUTE) return counted(Math.floor(span / SECOND), 'second');
  if (span < HOUR) return counted(Math.floor(span / MINUTE), 'minute');
  if (span < 2 * DAY) return counted(Math.floor(span / HOUR), 'hour');
  if (span < 60 * DAY) return counted(Math.floor(span / DAY), 'day');
  if (span < 730 * DAY) return counted(Math.floor(span / (30.44 * DAY)), 'month');
  return counted(Math.floor(span / (365.25 * DAY)), 'year');
}

/** `42 s`, `12 min`, `2 h 30 min`: rounded up, for what is still to come. */
export function timeSpan(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `just now`, `2 days ago`; `in the future` says that one of the clocks is wrong. Undefined where the text is no time. */
export function age(time: string, now: Date): string | undefined {
  const passed = now.getTime() - Date.parse(time);
  if (Number.isNaN(passed)) return undefined;
  if (passed < SECOND && passed >= -MINUTE) return 'just now';
  return passed < -MINUTE ? `${duration(-passed)} in the future` : `${duration(passed)} ago`;
}

/** Milliseconds between two times; undefined where one of them is no time. */
export function between(start: string, end: string): number | undefined {
  const passed = Date.parse(end) - Date.parse(start);
  return Number.isNaN(passed) ? undefined : passed;
}

/** A time with its age: `2026-11-18 14:00 UTC, 2 days ago`. */
export function timeAndAge(time: string, now: Date | undefined): string {
  const old = now === undefined ? undefined : age(time, now);
  return old === undefined ? minute(time) : `${minute(time)}, ${old}`;
}

/**
 * The one time that stands for an interval: its end. Whoever looks for the last good backup must not take one for
 * good that was still being read when the incident began.
 */
export function capturedAt(captured: Captured): string {
  return captured.end;
}
