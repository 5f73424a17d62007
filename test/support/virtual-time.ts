/** A clock that stands still while anything can go on, and then goes to when the next sleeper wakes. */

import { setImmediate as turn } from 'node:timers/promises';

export interface VirtualTime {
  /** Milliseconds since it began. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Runs to the end of the work; an error when it waits for nothing any more. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function virtualTime(): VirtualTime {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((wake) => {
        sleepers.push({ at: now + milliseconds, wake });
        signal?.addEventListener('abort', () => wake());
      }),
    async run(work) {
      let ended = false;
      const end = () => {
        ended = true;
      };
      work.then(end, end);
      for (let idle = 0; !ended; ) {
        await turn();
        if (ended) break;
        // What goes on without sleeping takes a few turns of the event loop.
        idle += 1;
        if (idle < 3) continue;
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers.shift();
        if (next === undefined) {
          if (idle > 1000) throw new Error('the work waits for nothing');
          continue;
        }
        idle = 0;
        now = Math.max(now, next.at);
        next.wake();
        while (sleepers[0] !== undefined && sleepers[0].at <= now) sleepers.shift()?.wake();
      }
      return work;
    },
  };
}
