/** Ctrl-C: the first asks the work to come to a clean end, the second stops at once. */

import { EXIT } from '../model/problem.js';

export const FINISHING = 'Finishing the requests in flight… press Ctrl-C again to stop at once';

export interface Interrupt {
  /** Aborted at the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
  /** Stops listening: the next Ctrl-C ends the process as it always does, or, after a first one, with exit code 130. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) {
      process.stderr.write('Stopped at once; requests in flight may have been carried out.\n');
      process.exit(EXIT.interrupted);
    }
    controller.abort();
    onFirst();
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    signal: controller.signal,
    dispose() {
      if (controller.signal.aborted) return;
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}
