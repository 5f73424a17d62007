/** What a request says of the changes it makes, besides what they are. */
import { initiatorOf } from './caller.js';
import type { GraphRequest } from './request.js';
import type { ChangeRecord, Store } from './store.js';

/** Who asked for a change; and with `x-knowngood-unrecorded`, that change tracking does not tell it. */
export function marksOf({ headers, token }: GraphRequest, store: Store): Pick<ChangeRecord, 'by' | 'unrecorded'> {
  const unrecorded = headers['x-knowngood-unrecorded'];
  const by = initiatorOf(token, store);
  return unrecorded === undefined ? { by } : { by, unrecorded };
}
