/** The way of a request into the sandbox and out of it again, with everything that can go wrong on the way. */
import { refusalOf, spoiled } from './faults.js';
import { failure, type IncomingRequest, logRequest, type OutgoingAnswer, perform, type Service } from './service.js';

/** Performs one request, or an item of a batch, as faults let it. */
export function admit(service: Service, incoming: IncomingRequest): OutgoingAnswer {
  return underFaults(service, incoming, () => perform(service, incoming));
}

/**
 * Does the work, unless a fault comes first, and spoils its answer if a fault says so. The log tells what the sandbox
 * did: 0 where the connection broke before, and the true status where the answer was lost.
 */
export function underFaults(service: Service, incoming: IncomingRequest, work: () => OutgoingAnswer): OutgoingAnswer {
  const { faults, clock } = service;
  const instead = faults.before(incoming);
  if (instead) {
    const refusal = refusalOf(instead, incoming, clock());
    logRequest(service, incoming, incoming.body ?? null, refusal?.status ?? 0);
    return refusal ? failure(service, incoming, refusal) : { status: 0, headers: {}, wire: { cut: 'all' } };
  }
  const done = work();
  return faults.after(incoming, done).reduce((answer, fault) => {
    const refusal = refusalOf(fault, incoming, clock());
    if (!refusal) return spoiled(answer, fault, incoming, faults.mark());
    return { ...failure(service, incoming, refusal), ...(answer.wire ? { wire: answer.wire } : {}) };
  }, done);
}
