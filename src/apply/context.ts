/** What the steps of an apply share. */

import { REPLICATION_WAITS_MS } from '../graph/patience.js';
import type { GraphClient } from '../graph/types.js';
import type { ActionResult } from '../model/documents.js';
import type { ObjectKey } from '../model/object.js';
import type { Registry } from '../registry/types.js';
import type { Writer } from './writer.js';

export interface ApplyContext {
  /** One that is patient with what it restored. */
  readonly client: GraphClient;
  readonly registry: Registry;
  readonly writer: Writer;
  /** Waits, in milliseconds, for what Graph has accepted and not yet shown. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** What the plan excludes: links to these are neither added nor removed. */
  readonly leftAlone: ReadonlySet<ObjectKey>;
  /** Takes the result of an action; each action has exactly one. */
  readonly report: (result: ActionResult) => void;
  /** Has something done once every object that the plan restores is back: links of restored objects. */
  readonly whenObjectsAreBack: (work: () => Promise<void>) => void;
}

/** Asks until the answer is good or patience ends; resolves to the last answer. */
export async function eventually<T>(
  context: ApplyContext,
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask();
  for (const wait of REPLICATION_WAITS_MS) {
    if (good(answer)) break;
    await context.sleep(wait);
    answer = await ask();
  }
  return answer;
}
