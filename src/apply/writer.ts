/** The only way by which anything is written to a tenant: journalled, counted, from the closed list of requests. */

import { describeError, type GraphClient, type GraphRequest, type Outcome } from '../graph/types.js';
import type { Journal } from './journal.js';
import type { Explain } from './permissions.js';

/** A request that changes the tenant, with the actions it carries out. */
export interface Write {
  readonly n: readonly number[];
  readonly request: GraphRequest;
}

export interface Writer {
  /** Sends writes that do not depend on each other; outcomes are in the order of the writes. */
  send(writes: readonly Write[]): Promise<readonly Outcome[]>;
  /** How many writes were sent. */
  sent(): number;
}

/** `explain` says what a write that Graph denies lacks: it follows Graph's own words. */
export function createWriter(client: GraphClient, journal: Journal, explain: Explain = () => undefined): Writer {
  let count = 0;
  const explained = (outcome: Outcome, { n, request }: Write): Outcome => {
    const more = outcome.ok || outcome.error.status !== 403 ? undefined : explain(n, request);
    if (outcome.ok || more === undefined) return outcome;
    return { ok: false, error: { ...outcome.error, message: `${outcome.error.message} ${more}`.trimStart() } };
  };
  return {
    sent: () => count,
    async send(writes) {
      if (writes.length === 0) return [];
      const numbers = await journal.intend(
        writes.map(({ n, request }) => ({
          n,
          method: request.method,
          path: `/${request.version}${request.path}`,
          ...(request.body === undefined ? {} : { body: request.body }),
        })),
      );
      count += writes.length;
      const answers = await client.sendAll(writes.map((write) => write.request));
      const outcomes = answers.map((outcome, index) => explained(outcome, writes[index] as Write));
      await journal.record(
        outcomes.map((outcome, index) => ({
          request: numbers[index] as number,
          status: outcome.ok ? outcome.answer.status : outcome.error.status,
          ...(outcome.ok ? {} : { error: describeError(outcome.error) }),
        })),
      );
      return outcomes;
    },
  };
}
