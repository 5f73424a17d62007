/**
 * Configurations of authentication methods. Source: "authenticationMethodConfiguration resource type" and the pages "Get
 * …", "Update …" of its kinds; "Create externalAuthenticationMethodConfiguration", "Delete
 * externalAuthenticationMethodConfiguration".
 */
import type { GraphAnswer, GraphRequest, HandlerContext } from '../request.js';
import { resources, typeName } from '../resources.js';
import type { Stored } from '../store.js';
import { graphTime } from '../time.js';
import { annotated, mapItems } from './contained.js';
import { answerList, answerObject, findLive, viewOf } from './read.js';
import { createObject, deleteObject, updateObject } from './write.js';

const collection = 'authenticationMethodConfigurations';
const resource = resources[collection];
const path = `policies/authenticationMethodsPolicy/${collection}`;

type View = Readonly<Record<string, unknown>>;

/** `GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations`. */
export function listMethods(context: HandlerContext): GraphAnswer {
  const answer = answerList(context, { resource, ids: context.store.live[collection], context: path });
  return mapItems(answer, (view) => withTargetContext(context.request, view));
}

/** `GET …/authenticationMethodConfigurations/{id}`: the id in any case. */
export function getMethod(context: HandlerContext): GraphAnswer {
  const answer = answerObject(context, findLive(context.store, collection, context.parameters.id ?? ''), resource);
  return { ...answer, body: withTargetContext(context.request, answer.body as View) };
}

/** All configurations, as the policy shows them. */
export function inlineConfigurations(context: HandlerContext): View[] {
  const view = viewOf(context);
  return context.store.live[collection].map((id) =>
    withTargetContext(context.request, view(context.store.objects.get(id) as Stored)),
  );
}

function withTargetContext(request: GraphRequest, view: View): View {
  if (typeof view.id !== 'string') return view;
  const type = typeName(String(view['@odata.type']));
  return annotated(request, view, 'includeTargets', `${path}('${view.id}')/microsoft.graph.${type}/includeTargets`);
}

/** A change of a configuration is one of the policy it belongs to. */
function touching(change: (context: HandlerContext) => GraphAnswer): (context: HandlerContext) => GraphAnswer {
  return (context) => {
    const answer = change(context);
    const now = graphTime(context.clock());
    context.commit({ op: 'update', at: now, id: 'authenticationmethodspolicy', set: { lastModifiedDateTime: now } });
    return answer;
  };
}

export const createMethod = touching(createObject(collection));
export const updateMethod = touching(updateObject(collection));
export const deleteMethod = touching(deleteObject(collection));
