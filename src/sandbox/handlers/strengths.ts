/**
 * Authentication strengths and the configurations of their combinations. Source: "List authenticationStrengthPolicies",
 * "Get authenticationStrengthPolicy", "authenticationStrengthPolicy: updateAllowedCombinations", "List
 * combinationConfigurations", "Create combinationConfiguration", "Update authenticationCombinationConfiguration", "Delete
 * authenticationCombinationConfiguration".
 */
import { newGuid } from '../guid.js';
import { type GraphAnswer, type GraphRequest, type HandlerContext, versionRoot } from '../request.js';
import { resources } from '../resources.js';
import {
  changedConfiguration,
  checkCustom,
  combinationsUpdate,
  newConfiguration,
  policiesNaming,
} from '../rules/strength.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';
import { type Body, objectBody } from '../validate.js';
import { annotated, mapItems } from './contained.js';
import { answerList, answerObject, entity, findLive, missing, viewOf } from './read.js';

const collection = 'authenticationStrengthPolicies';
const resource = resources[collection];
const contained = 'combinationConfigurations';

type View = Readonly<Record<string, unknown>>;

const pathOf = (id: unknown): string => `${resource.context}('${String(id)}')/${contained}`;

const strengthOf = (context: HandlerContext): Stored =>
  findLive(context.store, collection, context.parameters.id ?? '');

/** `GET /policies/authenticationStrengthPolicies`: the configurations are part of it, expanded or not (page "List
 * authenticationStrengthPolicies"). */
export function listStrengths(context: HandlerContext): GraphAnswer {
  const answer = answerList(context, { resource, ids: context.store.live[collection], context: resource.context });
  return mapItems(answer, (view) => withContext(context.request, view));
}

/** `GET /policies/authenticationStrengthPolicies/{id}`. */
export function getStrength(context: HandlerContext): GraphAnswer {
  const answer = answerObject(context, strengthOf(context), resource);
  return { ...answer, body: withContext(context.request, answer.body as View) };
}

function withContext(request: GraphRequest, view: View): View {
  return typeof view.id === 'string' ? annotated(request, view, contained, pathOf(view.id)) : view;
}

/** `POST …/{id}/updateAllowedCombinations`: 200 with what was and what is. */
export function updateAllowedCombinations(context: HandlerContext): GraphAnswer {
  const { store, request } = context;
  const stored = strengthOf(context);
  const { allowedCombinations: previousCombinations } = stored.object;
  const now = graphTime(context.clock());
  const set = combinationsUpdate(stored, objectBody(request.body), now);
  context.commit({ op: 'update', at: now, id: stored.id, set });
  const references = policiesNaming(store, stored.id);
  return {
    status: 200,
    body: {
      '@odata.context': `${versionRoot(request)}/$metadata#microsoft.graph.updateAllowedCombinationsResult`,
      previousCombinations,
      currentCombinations: set.allowedCombinations,
      conditionalAccessReferences: references,
      additionalInformation:
        references.length > 0 ? `The change takes effect in ${references.length} Conditional Access policies.` : null,
    },
  };
}

/** `GET …/{id}/combinationConfigurations`. */
export function listConfigurations(context: HandlerContext): GraphAnswer {
  const stored = strengthOf(context);
  const value = viewOf(context, [contained])(stored)[contained];
  return {
    status: 200,
    body: { '@odata.context': `${versionRoot(context.request)}/$metadata#${pathOf(stored.id)}`, value },
  };
}

/** `GET …/{id}/combinationConfigurations/{configurationId}`. */
export function getConfiguration(context: HandlerContext): GraphAnswer {
  const stored = strengthOf(context);
  return { status: 200, body: entityOf(context, stored, foundId(context, stored)) };
}

/** `POST …/{id}/combinationConfigurations`: 201. */
export function createConfiguration(context: HandlerContext): GraphAnswer {
  const stored = strengthOf(context);
  const id = newGuid(context.random);
  const configuration = newConfiguration(stored, objectBody(context.request.body), id);
  replace(context, stored, [...configurationsOf(stored), configuration]);
  return { status: 201, body: entityOf(context, stored, id) };
}

/** `PATCH …/{id}/combinationConfigurations/{configurationId}`: 204. */
export function updateConfiguration(context: HandlerContext): GraphAnswer {
  const stored = strengthOf(context);
  const id = foundId(context, stored);
  const body = objectBody(context.request.body);
  const after = configurationsOf(stored).map((each) =>
    each.id === id ? changedConfiguration(stored, each, body) : each,
  );
  replace(context, stored, after);
  return { status: 204 };
}

/** `DELETE …/{id}/combinationConfigurations/{configurationId}`: 204. */
export function deleteConfiguration(context: HandlerContext): GraphAnswer {
  const stored = strengthOf(context);
  const id = foundId(context, stored);
  checkCustom(stored);
  const after = configurationsOf(stored).filter((each) => each.id !== id);
  replace(context, stored, after);
  return { status: 204 };
}

function configurationsOf(stored: Stored): readonly Body[] {
  const held = stored.object[contained];
  return Array.isArray(held) ? (held as Body[]) : [];
}

/** The id of the configuration that the path names. Throws 404. */
function foundId(context: HandlerContext, stored: Stored): string {
  const given = context.parameters.configurationId ?? '';
  const found = configurationsOf(stored).find((each) => String(each.id).toLowerCase() === given.toLowerCase());
  if (!found) throw missing(collection, given);
  return String(found.id);
}

function replace(context: HandlerContext, stored: Stored, configurations: readonly Body[]): void {
  const now = graphTime(context.clock());
  const set = { [contained]: configurations, modifiedDateTime: now };
  context.commit({ op: 'update', at: now, id: stored.id, set });
}

function entityOf(context: HandlerContext, stored: Stored, id: string): View {
  const views = viewOf(context, [contained])(stored)[contained] as readonly View[];
  const view = views.find((each) => each.id === id) ?? {};
  return entity(context.request, `${pathOf(stored.id)}/$entity`, view);
}
