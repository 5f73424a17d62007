/**
 * The audit log: what the change log says, in the words of Graph. It is worked out when it is asked for the first time,
 * and goes on from there; a sandbox that is not asked spends nothing on it.
 */
import { type AuditEvent, eventsOf } from './audit-events.js';
import type { Behaviour } from './behaviour.js';
import { chance } from './chance.js';
import type { Journal, Visitor } from './persistence.js';
import type { ChangeRecord, Store } from './store.js';

export interface Audit {
  /** Learns of a change before it is made. */
  note(record: ChangeRecord): void;
  /** The events that have arrived and are not too old, newest first. */
  events(): readonly AuditEvent[];
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** `copy` makes a store with everything that was changed so far, and shows each change. */
export function createAudit(
  copy: ((visit?: Visitor) => Store) | undefined,
  journal: Pick<Journal, 'flush'>,
  { auditDelay, auditDays, seed }: Pick<Behaviour, 'auditDelay' | 'auditDays' | 'seed'>,
  clock: () => Date,
): Audit {
  const all: AuditEvent[] = [];
  const waiting: ChangeRecord[] = [];
  let position = 0;
  let store: Store | undefined;
  const visit: Visitor = (before, record) => void all.push(...eventsOf(before, record, position++));
  const catchUp = () => {
    if (!store) {
      // What was changed a moment ago may still be on its way to the log.
      journal.flush();
      store = copy?.(visit);
    }
    for (const record of waiting.splice(0)) {
      if (!store) return;
      visit(store, record);
      store.apply(record);
    }
  };
  return {
    note(record) {
      if (store) waiting.push(record);
    },
    events() {
      catchUp();
      const now = clock().getTime();
      return all
        .filter((event) => {
          const at = Date.parse(event.activityDateTime);
          const delay = auditDelay === 0 ? 0 : chance(seed, `audit ${event.id}`) * auditDelay * 1000;
          return at + delay <= now && at > now - auditDays * dayMilliseconds;
        })
        .reverse();
    },
  };
}
