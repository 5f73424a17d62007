/** Why something cannot be recovered, as plans say it. */

import type { Change } from '../model/change.js';
import type { Blocked } from '../model/plan.js';

/** `of`: the property or link concerned, and its values. */
export function block(change: Change, code: string, reason: string, remedy: string, of?: Partial<Blocked>): Blocked {
  return { object: change.object, label: change.label, ...of, code, reason, remedy };
}
