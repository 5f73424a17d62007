/** Ids that are no GUIDs: the directory builds them from the ids of what they connect, in text of mixed case. */

/** The id of a consent: of the client, the resource and, if it is for one person, that person. */
export function grantId(clientId: string, resourceId: string, principalId?: string): string {
  return opaque(principalId === undefined ? [clientId, resourceId] : [clientId, resourceId, principalId]);
}

/** The id of an app role assignment: of whom it was given to, and a number of its own. */
export function appRoleAssignmentId(principalId: string, number: string): string {
  return opaque([principalId, number]);
}

/** The id of a directory role assignment. */
export function roleAssignmentId(roleDefinitionId: string, principalId: string, number: string): string {
  return `${opaque([roleDefinitionId, principalId, number])}-1`;
}

function opaque(guids: readonly string[]): string {
  return Buffer.concat(guids.map(guidBytes)).toString('base64url');
}

/** A GUID in the order of bytes that Windows uses: the first three parts are turned round. */
function guidBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', ...rest] = guid.split('-');
  const reversed = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse());
  return Buffer.concat([...reversed, Buffer.from(rest.join(''), 'hex')]);
}
