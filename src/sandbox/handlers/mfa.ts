/**
 * Per-user multifactor authentication, which only the beta version has. Source: "Get authentication method states",
 * "Update authentication method states", "strongAuthenticationRequirements resource type".
 */
import { malformed } from '../errors.js';
import { mfaStates, mfaProperty as property } from '../quirks/methods.js';
import { type GraphAnswer, type HandlerContext, versionRoot } from '../request.js';
import { graphTime } from '../time.js';
import { type Body, objectBody } from '../validate.js';
import { findLive } from './read.js';

/** `GET /beta/users/{id}/authentication/requirements`: 200. */
export function getMfaState(context: HandlerContext): GraphAnswer {
  const { object, id } = findLive(context.store, 'users', context.parameters.id ?? '');
  return {
    status: 200,
    body: {
      '@odata.context': `${versionRoot(context.request)}/$metadata#users('${id}')/authentication/requirements`,
      [property]: object[property] ?? mfaStates[0],
    },
  };
}

/** `PATCH /beta/users/{id}/authentication/requirements`: 204. */
export function updateMfaState(context: HandlerContext): GraphAnswer {
  const { id, object } = findLive(context.store, 'users', context.parameters.id ?? '');
  const given = givenState(objectBody(context.request.body));
  // Who was asked for a second factor has registered one, and is asked at once again.
  const state = given === 'enabled' && object[property] === 'enforced' ? 'enforced' : given;
  context.commit({ op: 'update', at: graphTime(context.clock()), id, set: { [property]: state } });
  return { status: 204 };
}

function givenState(body: Body): string {
  const unknown = Object.keys(body).find((name) => name !== property && !name.includes('@odata.'));
  if (unknown !== undefined)
    throw malformed(
      `The property '${unknown}' does not exist on type 'microsoft.graph.strongAuthenticationRequirements'.`,
    );
  const state = body[property];
  if (typeof state === 'string' && mfaStates.includes(state)) return state;
  throw malformed(`'${property}' must be one of ${mfaStates.join(', ')}.`);
}
