/** Passwords of applications and service principals. Source: "application: addPassword", "application: removePassword",
 * and the pages of the same names of servicePrincipal. */
import { badRequest } from '../errors.js';
import { newGuid } from '../guid.js';
import type { Handler } from '../request.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';
import { isGuid, isObject } from '../validate.js';
import { entity, findLive } from './read.js';

type Holder = 'applications' | 'servicePrincipals';

const secretAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.-';

/** `POST …/{id}/addPassword`: 200 with the credential. Its text is in this answer and nowhere else. */
export function addPassword(collection: Holder): Handler {
  return (context) => {
    const { store, request, random } = context;
    const stored = findLive(store, collection, context.parameters.id ?? '');
    const now = context.clock();
    const given =
      isObject(request.body) && isObject(request.body.passwordCredential) ? request.body.passwordCredential : {};
    const secretText = Array.from({ length: 40 }, () => secretAlphabet[Math.floor(random() * 66)]).join('');
    const credential = {
      customKeyIdentifier: null,
      displayName: textOr(given.displayName, null),
      endDateTime: textOr(given.endDateTime, graphTime(inTwoYears(now))),
      hint: secretText.slice(0, 3),
      keyId: newGuid(random),
      startDateTime: textOr(given.startDateTime, graphTime(now)),
    };
    const set = { passwordCredentials: [...credentialsOf(stored), credential] };
    context.commit({ op: 'update', at: graphTime(now), id: stored.id, set });
    return { status: 200, body: entity(request, 'microsoft.graph.passwordCredential', { ...credential, secretText }) };
  };
}

/** `POST …/{id}/removePassword`: 204. */
export function removePassword(collection: Holder): Handler {
  return (context) => {
    const stored = findLive(context.store, collection, context.parameters.id ?? '');
    const keyId = isObject(context.request.body) ? String(context.request.body.keyId).toLowerCase() : '';
    if (!isGuid(keyId)) throw badRequest("A value is required for parameter 'keyId'.");
    const kept = credentialsOf(stored).filter((each) => !isObject(each) || String(each.keyId).toLowerCase() !== keyId);
    if (kept.length === credentialsOf(stored).length) throw badRequest('No password credential found with keyId.');
    context.commit({
      op: 'update',
      at: graphTime(context.clock()),
      id: stored.id,
      set: { passwordCredentials: kept },
    });
    return { status: 204 };
  };
}

function credentialsOf({ object }: Stored): readonly unknown[] {
  return Array.isArray(object.passwordCredentials) ? object.passwordCredentials : [];
}

const textOr = (value: unknown, standard: string | null): string | null =>
  typeof value === 'string' ? value : standard;

function inTwoYears(date: Date): Date {
  const end = new Date(date);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return end;
}
