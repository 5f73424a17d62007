/** Who sends a request. */
import { guidOf } from './guid.js';
import type { Initiator, Store } from './store.js';
import { readCaller } from './tokens.js';

const known = new Map<string, string>();

/**
 * The application behind a token: the one a sandbox token names; else a GUID that does not give the token away, so that
 * requests with the same token are of the same application.
 */
export function appOf(token: string): string {
  const caller = readCaller(token);
  if (caller) return caller.appId;
  const found = known.get(token);
  if (found !== undefined) return found;
  if (known.size > 1000) known.clear();
  const app = guidOf(`application of the token ${token}`);
  known.set(token, app);
  return app;
}

/** Who is named in the audit log: a token that is the user principal name of a user is that user, any other an application. */
export function initiatorOf(token: string, store: Store): Initiator {
  const caller = readCaller(token);
  if (caller) return { app: caller.appId, principal: caller.objectId };
  const user = store.principalNames.get(token.toLowerCase());
  return user === undefined ? { app: appOf(token) } : { user };
}
