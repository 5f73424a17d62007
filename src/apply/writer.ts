/** The only way by which anything is written to a tenant: journalled, counted, from the closed list of requests. */

import { describeError, type GraphClient, type GraphError, type GraphRequest, type Outcome } from '../graph/types.js';
import type { Journal } from './journal.js';

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

/** `explain` adds to a refusal what it takes. */
export function createWriter(
  client: GraphClient,
  journal: Journal,
  explain: (n: readonly number[], error: GraphError) => GraphError = (_, error) => error,
): Writer {
  let count = 0;
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
      const sent = await client.sendAll(writes.map((write) => write.request));
      const outcomes = sent.map(
        (outcome, index): Outcome =>
          outcome.ok ? outcome : { ok: false, error: explain(writes[index]?.n ?? [], outcome.error) },
      );
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
