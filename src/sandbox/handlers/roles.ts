/** Who has which directory role. Source: "List roleAssignments", "Get unifiedRoleAssignment", "Delete unifiedRoleAssignment". */
import type { GraphAnswer, HandlerContext } from '../request.js';
import { resources } from '../resources.js';
import { isEffective } from '../rules/role.js';
import type { Stored } from '../store.js';
import { answerList, answerObject, findLive, missing } from './read.js';
import { removeObject } from './removal.js';

const collection = 'roleAssignments';
const resource = resources[collection];

/** `GET /roleManagement/directory/roleAssignments`: without those whose principal is in the recycle bin (observed). */
export function listAssignments(context: HandlerContext): GraphAnswer {
  const { store } = context;
  return answerList(context, {
    resource,
    ids: store.live[collection],
    includes: (stored) => isEffective(store, stored),
    context: resource.context,
  });
}

export function getAssignment(context: HandlerContext): GraphAnswer {
  return answerObject(context, assignmentOf(context), resource);
}

export function deleteAssignment(context: HandlerContext): GraphAnswer {
  return removeObject(context, assignmentOf(context));
}

function assignmentOf(context: HandlerContext): Stored {
  const id = context.parameters.id ?? '';
  const stored = findLive(context.store, collection, id);
  if (!isEffective(context.store, stored)) throw missing(collection, id);
  return stored;
}
