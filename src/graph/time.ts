/** The clock of a client: the real one, or that of a sandbox which runs faster. */

import { setTimeout as delay } from 'node:timers/promises';

/** Waits so many real milliseconds, or until the signal. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export interface Time {
  /** Milliseconds since the client was made. It never goes back, and never says less than was slept. */
  now(): number;
  /** Waits until so many of its milliseconds are over, or until the signal. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** How many times as fast as the real clock it runs. */
  speed(): number;
  /** From now on this clock runs so many times as fast as the real one. */
  run(speed: number): void;
}

export function createTime(clock: () => number = Date.now, sleep: Sleep = wait): Time {
  let speed = 1;
  let base = clock();
  let elapsed = 0;
  let latest = 0;
  const now = () => {
    latest = Math.max(latest, elapsed + (clock() - base) * speed);
    return latest;
  };
  return {
    now,
    speed: () => speed,
    async sleep(milliseconds, signal) {
      const end = now() + milliseconds;
      await sleep(milliseconds / speed, signal);
      if (signal?.aborted !== true) latest = Math.max(latest, end);
    },
    run(faster) {
      if (faster === speed) return;
      elapsed = now();
      base = clock();
      speed = faster;
    },
  };
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    if (signal?.aborted !== true) throw cause;
  });
}
