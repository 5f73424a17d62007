/** Writes properties of objects, each by the request that it belongs to. */

import type { Address } from '../graph/requests.js';
import { updatePartRequest, updateRequest } from '../graph/requests.js';
import { describeError, type GraphError, type GraphRequest } from '../graph/types.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEqual } from '../model/json.js';
import type { DirectoryObject } from '../model/object.js';
import type { ObjectAction, PlannedValue } from '../model/plan.js';
import type { ObjectType, Property } from '../registry/types.js';
import { kindOf } from '../state/canonical.js';
import { hasSettingsApart } from '../strategies/index.js';
import { patchBody } from './body.js';
import type { ApplyContext } from './context.js';
import type { Write } from './writer.js';

/** Properties to write to one object that was just read. */
export interface ValuesToWrite {
  readonly action: ObjectAction;
  readonly current: DirectoryObject;
  readonly address: Address;
  readonly mixedIn: Readonly<Record<string, readonly Json[]>>;
  readonly values: readonly PlannedValue[];
}

/** What Graph did not take, property by property. */
export interface Refused {
  readonly path: string;
  readonly reason: string;
}

/**
 * Writes properties of objects that do not depend on each other: one PATCH for each object, and one request for each part
 * that has its own. Where Graph refuses a body, its properties are written one by one, so that one that it does not take
 * does not keep back the others. Resolves to the refused ones, in the order of the items.
 */
export async function writeValues(
  context: ApplyContext,
  type: ObjectType,
  items: readonly ValuesToWrite[],
): Promise<readonly (readonly Refused[])[]> {
  await context.writer.send(items.flatMap((item) => writeOfItems(type, item, disablings(type, item), 'disabled')));
  const requests = items.flatMap((item, index) =>
    byRequest(type, item.values).map((values) => ({ index, item, values })),
  );
  const outcomes = await context.writer.send(requests.map(({ item, values }) => writeOf(type, item, values)));
  const refusals = items.map((): Refused[] => []);
  for (const [at, { index, item, values }] of requests.entries()) {
    const outcome = outcomes[at];
    if (outcome?.ok === true) continue;
    refusals[index]?.push(...(await writeSeparately(context, type, { ...item, values }, outcome?.error)));
  }
  await context.writer.send(items.flatMap((item, index) => enablingWrites(type, item, refusals[index] ?? [])));
  return refusals;
}

/** Values that one request carries: those of the object itself, and those of each of its parts. */
function byRequest(type: ObjectType, values: readonly PlannedValue[]): PlannedValue[][] {
  const requests = new Map<string, PlannedValue[]>();
  for (const value of values) {
    const part = propertyOf(type, value.path)?.part?.path ?? '';
    requests.set(part, [...(requests.get(part) ?? []), value]);
  }
  return [...requests.values()];
}

function writeOf(type: ObjectType, item: ValuesToWrite, values: readonly PlannedValue[]): Write {
  return { n: [item.action.n], request: requestOf(type, item, values) };
}

function requestOf(type: ObjectType, item: ValuesToWrite, values: readonly PlannedValue[]): GraphRequest {
  const part = propertyOf(type, values[0]?.path ?? '')?.part;
  const body = bodyOf(type, item, values, part === undefined);
  return part === undefined ? updateRequest(type, item.address, body) : updatePartRequest(part, item.address.id, body);
}

function bodyOf(type: ObjectType, item: ValuesToWrite, values: readonly PlannedValue[], named: boolean): JsonObject {
  const written = values.map(({ path, desired }) => {
    const always = membersToSend(propertyOf(type, path));
    return {
      path,
      desired: withMixedIn(propertyOf(type, path), desired, item.mixedIn[path]),
      live: item.current.properties[path],
      ...(always === undefined ? {} : { always }),
    };
  });
  const kind = item.current.properties['@odata.type'];
  const cast = kindOf(type, item.current.properties)?.cast === true;
  return patchBody(written, named && !cast && typeof kind === 'string' ? kind : undefined);
}

/** Where Graph wants the union, what others mix in goes along. */
function withMixedIn(property: Property | undefined, desired: Json, others: readonly Json[] = []): Json {
  if (property?.union?.send !== 'all' || !isJsonArray(desired)) return desired;
  return [...desired, ...others.filter((item) => !desired.includes(item))];
}

/** What the members of a value that must be complete are when they are empty; undefined for other values. */
function membersToSend(property: Property | undefined): JsonObject | undefined {
  if (property?.whole !== true || property.shape.kind !== 'complex') return undefined;
  const members = property.shape.variants.flatMap((variant) => variant.members);
  return Object.fromEntries(members.map(({ name, shape }) => [name, shape.kind === 'collection' ? [] : null]));
}

/** A value some of whose items are disabled before it is written: as it is then, and as it was before. */
interface Disabling {
  readonly path: string;
  readonly disabled: Json;
  readonly before: Json;
}

/**
 * Values of which items are to be changed or taken away: Graph takes only disabled ones ("Update application": an app role
 * or scope must be disabled before it is deleted or changed).
 */
function disablings(type: ObjectType, item: ValuesToWrite): Disabling[] {
  return item.values.flatMap(({ path, desired }) => {
    const where = propertyOf(type, path)?.disableFirst;
    const live = item.current.properties[path];
    if (where === undefined || live === undefined) return [];
    const [now, then] = where === true ? [live, desired] : [memberOf(live, where), memberOf(desired, where)];
    const disabled = withDisabled(now, then);
    if (disabled === undefined || now === undefined) return [];
    if (where === true || !isJsonObject(live)) return [{ path, disabled, before: now }];
    // With everything that is beside them: what a request leaves out of a value, Graph may empty.
    return [{ path, disabled: { ...live, [where]: disabled }, before: live }];
  });
}

/** What was disabled for a change that Graph then refused is as it was again. */
function enablingWrites(type: ObjectType, item: ValuesToWrite, refused: readonly Refused[]): Write[] {
  const stayed = disablings(type, item).filter(({ path }) => refused.some((each) => each.path === path));
  return writeOfItems(type, item, stayed, 'before');
}

function writeOfItems(
  type: ObjectType,
  item: ValuesToWrite,
  values: readonly Disabling[],
  as: 'disabled' | 'before',
): Write[] {
  if (values.length === 0) return [];
  const body = Object.fromEntries(values.map((value) => [value.path, value[as]]));
  return [{ n: [item.action.n], request: updateRequest(type, item.address, body) }];
}

function memberOf(value: Json, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

/** The live items, those disabled that will not stay as they are; undefined when nothing has to be disabled. */
function withDisabled(live: Json | undefined, desired: Json | undefined): Json | undefined {
  if (!isJsonArray(live)) return undefined;
  const stays = (item: Json) => isJsonArray(desired) && desired.some((wanted) => jsonEqual(wanted, item));
  const goes = (item: Json) => isJsonObject(item) && item.isEnabled === true && !stays(item);
  if (!live.some(goes)) return undefined;
  return live.map((item) => (isJsonObject(item) && goes(item) ? { ...item, isEnabled: false } : item));
}

async function writeSeparately(
  context: ApplyContext,
  type: ObjectType,
  item: ValuesToWrite,
  error: GraphError | undefined,
): Promise<readonly Refused[]> {
  const reason = error === undefined ? 'no answer' : describeError(error);
  const denied = error?.status === 400 || error?.status === 403;
  const mayPartlyPass = denied && item.values.length > 1 && hasSettingsApart(type);
  if (!mayPartlyPass) return item.values.map((value) => ({ path: value.path, reason }));
  const refused: Refused[] = [];
  for (const values of separable(type, item.values)) {
    const [outcome] = await context.writer.send([writeOf(type, item, values)]);
    if (outcome?.ok === true) continue;
    const separately = outcome === undefined ? reason : describeError(outcome.error);
    refused.push(...values.map((value) => ({ path: value.path, reason: separately })));
  }
  return refused;
}

/** Values one by one, but for those that Graph wants in one request. */
function separable(type: ObjectType, values: readonly PlannedValue[]): PlannedValue[][] {
  const leaders = values.filter((value) => propertyOf(type, value.path)?.with !== undefined);
  const groups = leaders.map((leader) => {
    const along = propertyOf(type, leader.path)?.with ?? [];
    return values.filter((value) => value === leader || along.includes(value.path));
  });
  const grouped = new Set(groups.flat());
  return [...groups, ...values.filter((value) => !grouped.has(value)).map((value) => [value])];
}

/** The property of this name, whichever kind of object has it. */
export function propertyOf(type: ObjectType, path: string): Property | undefined {
  return type.properties.find((property) => property.name === path);
}
