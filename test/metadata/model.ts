/** Microsoft's metadata as questions: what a type has, what derives from what, where a path leads. */

import { readFileSync } from 'node:fs';
import beyond from './beyond.json' with { type: 'json' };

export interface Structured {
  readonly kind: 'entity' | 'complex';
  readonly base?: string;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly keys?: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly navigation: Readonly<Record<string, string>>;
}

interface Enumerated {
  readonly kind: 'enum';
  readonly flags?: boolean;
  readonly members: readonly string[];
}

export interface Bound {
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'function' | 'action';
  readonly on: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly result?: string;
}

interface Extract {
  readonly sets: Readonly<Record<string, string>>;
  readonly singletons: Readonly<Record<string, string>>;
  readonly computed: readonly string[];
  readonly types: Readonly<Record<string, Structured | Enumerated>>;
  readonly bound: readonly Bound[];
}

/** A type as it is used: `Edm.String`, or a type of Graph without `microsoft.graph.`. */
export interface Use {
  readonly type: string;
  readonly many: boolean;
  readonly nullable: boolean;
}

/** What a path leads to. */
export interface Place extends Use {
  readonly as: 'value' | 'reference' | 'count' | 'call';
  /** Of a call: what it takes. */
  readonly call?: Bound;
}

/** Thrown with what does not fit the metadata. */
export class Misfit extends Error {}

/**
 * What requests may hold beyond the metadata, each with its reason: members of types as `type.member`, and kinds with the
 * type they derive from.
 */
const BEYOND: Readonly<Record<string, { readonly type: string; readonly because: string }>> = beyond;

const extract: Extract = JSON.parse(readFileSync(new URL('graph-v1.json', import.meta.url), 'utf8'));

/** The extract writes `*` for a collection and `!` for what may not be null. */
export function useOf(reference: string): Use {
  const type = reference.replace(/[*!]/g, '');
  return { type, many: reference.includes('*'), nullable: !reference.includes('!') };
}

export function enumOf(name: string): Enumerated | undefined {
  const type = extract.types[name];
  return type?.kind === 'enum' ? type : undefined;
}

export function typeOf(name: string): Structured | undefined {
  const type = extract.types[name];
  const base = BEYOND[name]?.type;
  if (type === undefined && base !== undefined) return { kind: 'entity', base, properties: {}, navigation: {} };
  return type === undefined || type.kind === 'enum' ? undefined : type;
}

/** A type, its base, the base of that, and so on. */
export function lineage(name: string): readonly string[] {
  const base = typeOf(name)?.base;
  return base === undefined ? [name] : [name, ...lineage(base)];
}

export function isKind(name: string, ancestor: string): boolean {
  return lineage(name).includes(ancestor);
}

/** A property or a relationship of a type, own or inherited; undefined where there is none. */
export function memberOf(name: string, member: string): (Use & { readonly relationship: boolean }) | undefined {
  for (const each of lineage(name)) {
    const type = typeOf(each);
    const property = type?.properties[member];
    if (property !== undefined) return { ...useOf(property), relationship: false };
    const relationship = type?.navigation[member];
    if (relationship !== undefined) return { ...useOf(relationship), relationship: true };
    const more = BEYOND[`${each}.${member}`];
    if (more !== undefined) return { ...useOf(more.type), relationship: false };
  }
  return undefined;
}

/** Whether a name is one that somebody gave to an extension of a type that may be extended. */
export function isExtension(name: string, member: string): boolean {
  return /^ext[a-z0-9]*_/.test(member) && lineage(name).some((each) => typeOf(each)?.open === true);
}

/** Whether only the service sets a property. */
export function isComputed(name: string, member: string): boolean {
  return lineage(name).some((each) => extract.computed.includes(`${each}/${member}`));
}

/** `microsoft.graph.user`, with or without `#`: the type, which must be known and of the kind that is expected. */
export function cast(name: string, expected: string): string {
  const type = name.replace(/^#?microsoft\.graph\./, '');
  if (typeOf(type) === undefined) throw new Misfit(`there is no type ${name}`);
  if (!isKind(type, expected)) throw new Misfit(`${name} is no ${expected}`);
  return type;
}

/** Follows a path, whose ids are `{id}`, segment by segment. Throws a Misfit where it does not lead on. */
export function resolvePath(path: string): Place {
  const [first = '', ...rest] = path.split('/').filter((segment) => segment !== '');
  let place = start(first);
  for (const segment of rest) place = step(place, segment);
  return place;
}

function start(segment: string): Place {
  const [, name = '', alternate] = /^(\w+)(?:\((\w+)='\{text\}'\))?$/.exec(segment) ?? [];
  const set = extract.sets[name];
  const singleton = extract.singletons[name];
  if (singleton !== undefined) return { type: singleton, many: false, nullable: false, as: 'value' };
  if (set === undefined) throw new Misfit(`nothing is called ${segment}`);
  if (alternate !== undefined && !lineage(set).some((each) => typeOf(each)?.keys?.includes(alternate)))
    throw new Misfit(`${alternate} is no key of ${set}`);
  return { type: set, many: alternate === undefined, nullable: false, as: 'value' };
}

function step(at: Place, segment: string): Place {
  if (at.as !== 'value') throw new Misfit(`nothing follows before ${segment}`);
  if (segment === '$count' && at.many) return { ...at, type: 'Edm.Int32', many: false, as: 'count' };
  if (segment === '$ref') return { ...at, as: 'reference' };
  if (segment.startsWith('microsoft.graph.') && !segment.startsWith('microsoft.graph.entraRecoveryServices.'))
    return { ...at, type: cast(segment, at.type) };
  const call = boundTo(at, segment);
  if (call !== undefined)
    return call.kind === 'action'
      ? { ...useOf(call.result ?? ''), as: 'call', call }
      : { ...useOf(call.result ?? ''), as: 'value' };
  if (at.many) {
    if (segment !== '{id}') throw new Misfit(`${segment} is nothing of a list of ${at.type}`);
    return { ...at, many: false };
  }
  const member = memberOf(at.type, segment);
  if (member === undefined) throw new Misfit(`${at.type} has no ${segment}`);
  return { ...member, as: 'value' };
}

function boundTo(at: Place, segment: string): Bound | undefined {
  const name = segment.split('.').at(-1)?.replace(/\(\)$/, '');
  for (const each of lineage(at.type)) {
    const on = at.many ? `${each}*` : each;
    const found = extract.bound.find((bound) => bound.name === name && bound.on === on);
    if (found !== undefined) return found;
  }
  return undefined;
}
