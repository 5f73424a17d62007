/** What the audit log says of one change: pure, from the change and the tenant before it. */
import { guidOf } from './guid.js';
import {
  type Activities,
  activities,
  assignmentNames,
  credentialsUpdate,
  directoryNames,
  type Happening,
  operations,
  singletonActivities,
  tagNames,
} from './quirks/audit.js';
import { concreteType, resources } from './resources.js';
import type { SeedCollection } from './seed.js';
import type { ChangeRecord, Initiator, Store, Stored } from './store.js';

/** One event as Graph gives it out (`directoryAudit`). */
export interface AuditEvent {
  readonly id: string;
  readonly category: string;
  readonly correlationId: string;
  readonly result: 'success';
  readonly resultReason: string;
  readonly activityDisplayName: string;
  readonly activityDateTime: string;
  readonly loggedByService: string;
  readonly operationType: string;
  readonly initiatedBy: { readonly user: Person | null; readonly app: App | null };
  readonly targetResources: readonly Target[];
  readonly additionalDetails: readonly { readonly key: string; readonly value: string }[];
}

interface Person {
  readonly id: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly ipAddress: string | null;
}

interface App {
  readonly appId: string;
  readonly displayName: string | null;
  readonly servicePrincipalId: string | null;
  readonly servicePrincipalName: null;
}

interface Target {
  readonly id: string;
  readonly displayName: string | null;
  readonly type: string;
  readonly userPrincipalName: string | null;
  readonly groupType: 'unifiedGroups' | 'azureAD' | null;
  readonly modifiedProperties: readonly Modified[];
}

/** Values are JSON within a text. */
interface Modified {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

type Properties = Readonly<Record<string, unknown>>;

/** What is told of a change: the name of the activity, and its targets. */
interface Told {
  readonly name: string;
  readonly operation: string;
  readonly kind: Activities;
  readonly targets: readonly Target[];
}

/** The events of a change. `store` is the tenant before it, `position` the number of the change. */
export function eventsOf(store: Store, record: ChangeRecord, position: number): AuditEvent[] {
  const correlationId = guidOf(`${store.tenantId} change ${position}`);
  const initiatedBy = initiatorOf(store, record.by);
  return toldOf(store, record).map(({ name, operation, kind, targets }, part) => ({
    id: `${kind.service === 'Core Directory' ? 'Directory' : 'IPCGraph'}_${correlationId}_${position * 100 + part}`,
    category: kind.category,
    correlationId,
    result: 'success',
    resultReason: '',
    activityDisplayName: name,
    activityDateTime: `${new Date(record.at).toISOString().slice(0, -1)}0000Z`,
    loggedByService: kind.service,
    operationType: operation,
    initiatedBy,
    targetResources: targets,
    additionalDetails: [],
  }));
}

function initiatorOf(store: Store, by: Initiator | undefined): AuditEvent['initiatedBy'] {
  if (by && 'user' in by) {
    const { displayName, userPrincipalName } = store.objects.get(by.user)?.object ?? {};
    const user = { id: by.user, displayName: text(displayName), userPrincipalName: text(userPrincipalName) };
    return { user: { ...user, ipAddress: '127.0.0.1' }, app: null };
  }
  if (!by) return { user: null, app: null };
  const principal = store.objects.get(store.appIds.servicePrincipals.get(by.app) ?? '')?.object;
  return {
    user: null,
    app: {
      appId: by.app,
      displayName: text(principal?.displayName),
      servicePrincipalId: text(principal?.id ?? by.principal),
      servicePrincipalName: null,
    },
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function toldOf(store: Store, record: ChangeRecord): Told[] {
  if (record.op === 'create') {
    const { collection, object, add = [] } = record;
    const created = { id: String(object.id), collection, object };
    return [
      ...tell(store, created, 'add', modified(collection, {}, object)),
      ...add.flatMap((member) => toldMember(store, created, member, 'add')),
    ];
  }
  const stored = store.objects.get(record.id.toLowerCase());
  if (!stored) return [];
  if (record.op === 'delete') return tell(store, stored, 'remove', []);
  if (record.op === 'restore') return tell(store, stored, 'restore', []);
  if (record.op === 'purge') return tell(store, stored, stored.deletedDateTime ? 'purge' : 'remove', removed(stored));
  const { set = {}, add = [], remove = [] } = record;
  return [
    ...toldUpdate(store, stored, set),
    ...add.flatMap((member) => toldMember(store, stored, member, 'add')),
    ...remove.flatMap((member) => toldMember(store, stored, member, 'remove')),
  ];
}

/** What is enough of a stored object to tell of it. */
type Object = Pick<Stored, 'collection'> & { readonly id: string; readonly object: Properties };

function tell(store: Store, object: Object, happening: Happening, properties: readonly Modified[]): Told[] {
  const kind = kindOf(object);
  const assigned = object.collection === 'appRoleAssignments' ? assignedType(store, object) : '';
  const name = assignmentNames[assigned]?.[happening as 'add' | 'remove'] ?? kind.names[happening];
  return [{ name, operation: operations[happening], kind, targets: [targetOf(object, kind, properties)] }];
}

function kindOf({ collection, object }: Object): Activities {
  const type = concreteType(resources[collection], object);
  return (collection === 'singletons' ? singletonActivities[type] : undefined) ?? activities[collection];
}

function assignedType(store: Store, { object }: Object): string {
  const principal = store.objects.get(String(object.principalId).toLowerCase());
  return principal ? activities[principal.collection].target : '';
}

function toldUpdate(store: Store, stored: Stored, set: Properties): Told[] {
  const after = Object.fromEntries(Object.keys(set).map((name) => [name, set[name]]));
  const properties = modified(stored.collection, stored.object, after);
  if (properties.length === 0) return [];
  const whole = activities[stored.collection].service === 'Conditional Access';
  const shown = whole ? wholePolicy(stored, set) : [...properties, updatedNames(properties), ...userType(stored)];
  const told = tell(store, stored, 'update', shown);
  const [update] = told as [Told];
  if (stored.collection === 'applications' && Object.keys(set).some((name) => /Credentials$/.test(name)))
    return [{ ...update, name: credentialsUpdate }];
  const enabled = properties.find(({ displayName }) => displayName === 'AccountEnabled');
  if (stored.collection !== 'users' || !enabled) return told;
  const name = set.accountEnabled === true ? 'Enable account' : 'Disable account';
  return [...told, { ...update, name, targets: [targetOf(stored, update.kind, [enabled])] }];
}

/** Events of Conditional Access hold the policies before and after, whole. */
function wholePolicy(stored: Stored, set: Properties): Modified[] {
  const after = Object.fromEntries(
    Object.entries({ ...stored.object, ...set }).filter(([, value]) => value !== null && value !== undefined),
  );
  const name = stored.collection === 'policies' ? 'ConditionalAccessPolicy' : 'NamedLocation';
  return [{ displayName: name, oldValue: JSON.stringify(stored.object), newValue: JSON.stringify(after) }];
}

const updatedNames = (properties: readonly Modified[]): Modified => ({
  displayName: 'Included Updated Properties',
  oldValue: null,
  newValue: JSON.stringify(properties.map(({ displayName }) => displayName).join(', ')),
});

const userType = ({ collection, object }: Stored): Modified[] =>
  collection === 'users'
    ? [{ displayName: 'TargetId.UserType', oldValue: null, newValue: JSON.stringify(object.userType ?? 'Member') }]
    : [];

/** Memberships: the member is the first target, and says by its properties which group it is about (observed). */
function toldMember(store: Store, group: Object, member: string, happening: 'add' | 'remove'): Told[] {
  const stored = store.objects.get(member);
  const kind = activities.groups;
  const side = (value: unknown) => {
    const json = value === null ? null : JSON.stringify(value);
    return happening === 'add' ? { oldValue: null, newValue: json } : { oldValue: json, newValue: null };
  };
  const about: Modified[] = [
    { displayName: 'Group.ObjectID', ...side(group.object.id) },
    { displayName: 'Group.DisplayName', ...side(group.object.displayName ?? null) },
    { displayName: 'Group.WellKnownObjectName', ...side(null) },
  ];
  const target = stored
    ? targetOf(stored, activities[stored.collection], about)
    : { ...emptyTarget, id: member, type: 'Other', modifiedProperties: about };
  return [
    {
      name: happening === 'add' ? 'Add member to group' : 'Remove member from group',
      operation: happening === 'add' ? 'Assign' : 'Unassign',
      kind,
      targets: [target, targetOf(group, kind, [])],
    },
  ];
}

const emptyTarget = { displayName: null, userPrincipalName: null, groupType: null };

function targetOf({ collection, object }: Object, kind: Activities, modifiedProperties: readonly Modified[]): Target {
  const unified = Array.isArray(object.groupTypes) && object.groupTypes.includes('Unified');
  return {
    id: String(object.id),
    displayName: text(object.displayName),
    type: kind.target,
    userPrincipalName: collection === 'users' ? text(object.userPrincipalName) : null,
    groupType: collection !== 'groups' ? null : unified ? 'unifiedGroups' : 'azureAD',
    modifiedProperties,
  };
}

/** What is gone with an object that cannot come back: grants and assignments say what they were. */
function removed({ collection, object, deletedDateTime }: Stored): Modified[] {
  if (deletedDateTime) return [];
  return modified(collection, object, Object.fromEntries(Object.keys(object).map((name) => [name, null])));
}

/** Properties that differ, by the names of the directory. Passwords have no value here. */
function modified(collection: SeedCollection, before: Properties, after: Properties): Modified[] {
  const json = (value: unknown): string =>
    value === null || value === undefined ? '[]' : JSON.stringify(Array.isArray(value) ? value : [value]);
  return Object.entries(after)
    .filter(([name]) => name !== 'id' && name !== 'passwordProfile' && !name.startsWith('@'))
    .map(([name, value]) => ({
      displayName: directoryName(collection, name),
      oldValue: json(directoryValue(name, before[name])),
      newValue: json(directoryValue(name, value)),
    }))
    .filter(({ oldValue, newValue }) => oldValue !== newValue);
}

function directoryName(collection: SeedCollection, name: string): string {
  const special = name === 'tags' ? tagNames[collection] : directoryNames[name];
  return special ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** The directory keeps whether a group is public, and not how it is visible. */
function directoryValue(name: string, value: unknown): unknown {
  return name === 'visibility' && typeof value === 'string' ? value === 'Public' : value;
}
