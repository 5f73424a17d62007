/** Proves a recovery: plans again for the same scope, and says what still differs. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Tenant } from './connection.js';
import type { ActionResult, ApplyResult } from './model/documents.js';
import { type Action, isLinkAction, type Plan } from './model/plan.js';
import { Failure, type Problem } from './model/problem.js';
import { keepLive, liveRef, planAgainst } from './planning.js';
import type { CommittedState } from './states.js';
import type { Workspace } from './workspace.js';

/** An interruption while reading again leaves the result unverified; what was written is recorded all the same. */
export async function verifyUnlessInterrupted(...of: Parameters<typeof verify>): Promise<Verification | undefined> {
  const { signal } = of[0].surroundings;
  if (signal.aborted) return undefined;
  try {
    return await verify(...of);
  } catch (cause) {
    if (signal.aborted && cause instanceof Failure) return undefined;
    throw cause;
  }
}

export type Verification = NonNullable<ApplyResult['verification']>;

const VERIFY_ATTEMPTS = 4;
const VERIFY_WAIT_MS = 2000;

/**
 * Plans again for the same scope. What still differs and is neither blocked nor named in the results is given time to
 * replicate, then reported.
 */
async function verify(
  workspace: Workspace,
  tenant: Tenant,
  plan: Plan,
  desired: CommittedState,
  results: readonly ActionResult[],
): Promise<Verification> {
  const named = namedPaths(plan.actions, results);
  const keep = (await workspace.repository.ref(liveRef(plan.id))) !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const again = await planAgainst(workspace, tenant, desired, plan.scope, keep);
    const remaining = again.plan.actions
      .flatMap((action) => pathsOf(action))
      .filter((item) => !named.has(`${item.object} ${item.path}`));
    if (remaining.length > 0 && attempt < VERIFY_ATTEMPTS && !workspace.surroundings.signal.aborted) {
      await delay(VERIFY_WAIT_MS);
      continue;
    }
    if ((await workspace.repository.ref(liveRef(plan.id))) !== undefined)
      await keepLive(workspace, again.writer, plan.id, again.tree);
    const problems = again.live.coverage.gaps.map(
      (gap): Problem => ({
        code: 'KG603',
        severity: 'warning',
        message: `${gap.what} could not be read again: ${gap.reason}`,
        remedy: 'Compare again when it can be read.',
      }),
    );
    return { objectsRead: again.live.ids.size, remaining, problems };
  }
}

/** What an action is about, property by property and link by link. */
function pathsOf(
  action: Action,
): { readonly object: Action['object']; readonly label: string; readonly path: string }[] {
  const { object, label } = action;
  if (isLinkAction(action)) return [{ object, label, path: `${action.link} ${action.target}` }];
  if (action.action !== 'update') return [{ object, label, path: action.action }];
  return action.set.map((value) => ({ object, label, path: value.path }));
}

/** Paths that the results name already: skipped, failed, refused, not run. */
function namedPaths(actions: readonly Action[], results: readonly ActionResult[]): Set<string> {
  const named = new Set<string>();
  for (const [index, action] of actions.entries()) {
    const result = results[index];
    if (result?.outcome !== 'done') for (const item of pathsOf(action)) named.add(`${item.object} ${item.path}`);
    for (const refused of result?.refused ?? []) named.add(`${action.object} ${refused.path}`);
  }
  return named;
}
