/** Application permissions of Microsoft Graph that requests need. */

/** All of a list are needed; absent where there is no such request. */
export interface Permissions {
  readonly read?: readonly string[];
  readonly update?: readonly string[];
  readonly delete?: readonly string[];
  readonly restore?: readonly string[];
  /** Of a type: what else is needed to write objects whose property has a value. */
  readonly where?: readonly PermissionsWhere[];
}

export interface PermissionsWhere extends Pick<Permissions, 'update' | 'delete' | 'restore'> {
  readonly property: string;
  readonly equals: string | boolean;
}

/** For which objects a permission is needed: `objects where isAssignableToRole is true`, `objects of the kind agentUser`. */
export function whereWords({ property, equals }: PermissionsWhere): string {
  if (property === '@odata.type') return `objects of the kind ${String(equals).replace('#microsoft.graph.', '')}`;
  return `objects where ${property} is ${String(equals)}`;
}
