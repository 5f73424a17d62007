/** The way of a request into the sandbox and out of it again, with everything that can go wrong on the way. */
import { refusalOf, spoiled } from './faults.js';
import { failure, type IncomingRequest, logRequest, type OutgoingAnswer, perform, type Service } from './service.js';

/** Performs one request, or an item of a batch, as faults and page tokens let it. */
export function admit(service: Service, incoming: IncomingRequest): OutgoingAnswer {
  const { pageTokens } = service;
  const answer = underFaults(service, incoming, () => {
    try {
      return pageTokens.sealed(incoming, perform(service, pageTokens.opened(incoming)));
    } catch (error) {
      return refused(service, incoming, error);
    }
  });
  pageTokens.heard(incoming, answer);
  return answer;
}

/** The answer to a request that is not performed. */
export function refused(service: Service, incoming: IncomingRequest, error: unknown): OutgoingAnswer {
  const answer = failure(service, incoming, error);
  logRequest(service, incoming, incoming.body ?? null, answer.status);
  return answer;
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
    if (refusal) return refused(service, incoming, refusal);
    logRequest(service, incoming, incoming.body ?? null, 0);
    return { status: 0, headers: {}, wire: { cut: 'all' } };
  }
  const done = work();
  return faults.after(incoming, done).reduce((answer, fault) => {
    const refusal = refusalOf(fault, incoming, clock());
    if (!refusal) return spoiled(answer, fault, incoming, faults.mark());
    return { ...failure(service, incoming, refusal), ...(answer.wire ? { wire: answer.wire } : {}) };
  }, done);
}
