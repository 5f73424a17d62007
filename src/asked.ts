/** What a person asks to be considered, in their own words: by type, by id, by name. */

import { nearest } from './model/nearest.js';
import { byCodeUnit, type ObjectKey, objectKey } from './model/object.js';
import type { Scope } from './model/plan.js';
import { Failure } from './model/problem.js';
import { singletonKey } from './registry/identity.js';
import type { ObjectType } from './registry/types.js';
import type { Considered } from './scope.js';
import { typeNamed } from './workspace.js';

/** What a person asks to be considered; nothing given means everything. */
export interface ScopeRequest {
  readonly types?: readonly string[];
  readonly targets?: readonly (string | AskedText)[];
  /** Objects that are left alone. */
  readonly exclude?: readonly (string | AskedText)[];
  readonly allowDelete?: boolean;
  readonly allowDeleteTypes?: readonly string[];
}

/** `TYPE/ID`, `TYPE/NAME`, or a type of which there is one object; and where it was written, for messages. */
export interface AskedText {
  readonly text: string;
  readonly where: string;
}

/** An object that was asked for. Whether there is one, and which, shows when the states are known. */
export interface AskedObject extends AskedText {
  readonly type: ObjectType;
  /** What follows the first slash. */
  readonly name: string;
  /** The object, if the text is an id. */
  readonly key: ObjectKey;
  /** It is an id, and no name. */
  readonly certain: boolean;
}

/** A scope with objects of which it is not known yet whether, and by which id, they are there. */
export interface AskedScope {
  readonly scope: Scope;
  readonly targets: readonly AskedObject[];
  readonly exclude: readonly AskedObject[];
}

/**
 * A request with its types checked. Types and targets narrow each other: objects that are asked for must be of the types
 * that are, and are then all that the scope holds. Throws a Failure for all that is wrong: KG120, KG121, KG124 or KG129.
 */
export function askedScope(considered: Considered, request: ScopeRequest): AskedScope {
  const types = (request.types ?? []).map((name) => configured(considered, name, '--type').name);
  const allowed = (request.allowDeleteTypes ?? []).map(
    (name) => typeNamed(considered.registry, name, '--allow-delete-type').name,
  );
  const failures: Failure[] = [];
  const asked = (texts: ScopeRequest['targets'], where: string, check: (object: AskedObject) => void) =>
    (texts ?? []).flatMap((item) => {
      try {
        const object = askedObject(considered, typeof item === 'string' ? { text: item, where } : item);
        check(object);
        return [object];
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        failures.push(cause);
        return [];
      }
    });
  const targets = asked(request.targets, '--target', (target) => {
    refuseLeftOut(considered, target);
    refuseOtherType(types, target);
  });
  const exclude = asked(request.exclude, '--exclude', () => {});
  if (failures.length > 0) throw oneFailure(failures);
  return {
    scope: {
      types: targets.length > 0 ? [] : [...new Set(types)].sort(byCodeUnit),
      targets: [],
      exclude: [],
      allowDelete: request.allowDelete ? ['*'] : [...new Set(allowed)].sort(byCodeUnit),
    },
    targets,
    // What the configuration leaves out is left alone anyway, and on neither side.
    exclude: exclude.filter(({ key }) => !considered.excluded.has(key)),
  };
}

const SHOWN = 10;

/** One failure for all objects of a list: who wrote a long one wants to correct it at once. */
export function oneFailure(failures: readonly Failure[]): Failure {
  const [first] = failures as readonly [Failure];
  if (failures.length === 1) return first;
  const all = failures.slice(0, SHOWN).map(({ message, where, remedy }) => `${where}: ${message} ${remedy}`);
  const more = failures.length > SHOWN ? ` And ${failures.length - SHOWN} more.` : '';
  return new Failure({
    code: first.code,
    message: `What was asked for is wrong in ${failures.length} places. ${all.join(' ')}${more}`,
    ...(first.where === undefined ? {} : { where: first.where }),
    remedy: 'Correct these; an id names one object for certain.',
  });
}

/** A scope that was settled before, such as that of a plan. */
export function settledScope(scope: Scope): AskedScope {
  return { scope, targets: [], exclude: [] };
}

/** Whether objects were asked for that may have to be looked for by name. */
export function asksForNames({ targets, exclude }: AskedScope): boolean {
  return [...targets, ...exclude].some(({ certain }) => !certain);
}

/** A scope that tells which types must be read; the ids in it may be names. */
export function provisionalScope({ scope, targets }: AskedScope): Scope {
  return { ...scope, targets: [...scope.targets, ...targets.map(({ key }) => key)] };
}

/** A type that there is and that the configuration asks for. */
function configured(considered: Considered, name: string, where: string): ObjectType {
  const type = typeNamed(considered.registry, name, where);
  if (considered.types.some((candidate) => candidate.name === type.name)) return type;
  throw new Failure({
    code: 'KG124',
    message: `knowngood.yaml does not ask for the type ${type.name}.`,
    where,
    remedy: 'Add it to `types` in knowngood.yaml, or leave `types` out to have them all.',
  });
}

function refuseLeftOut({ excluded }: Considered, { key, where }: AskedObject): void {
  if (!excluded.has(key)) return;
  throw new Failure({
    code: 'KG124',
    message: `knowngood.yaml leaves ${key} out.`,
    where,
    remedy: 'Take it out of `exclude` in knowngood.yaml.',
  });
}

function refuseOtherType(types: readonly string[], { type, text, where }: AskedObject): void {
  if (types.length === 0 || types.includes(type.name) || types.includes(type.edge?.ownerType ?? '')) return;
  throw new Failure({
    code: 'KG129',
    message: `${JSON.stringify(text)} is none of what --type asks for: ${types.join(', ')}.`,
    where,
    remedy: 'Leave out --type: what the targets name is all that is compared.',
  });
}

function askedObject(considered: Considered, { text, where }: AskedText): AskedObject {
  const { byName, types } = considered.registry;
  const isColumn = types.some(({ properties }) => properties.some(({ name }) => name === text));
  if (isColumn && !byName.has(text)) throw untyped(text, where, true);
  if (!text.includes('/') && nearest(text, byName.keys()).length === 0 && !byName.has(text)) throw untyped(text, where);
  return { text, where, ...objectIn(text, where, (name) => configured(considered, name, where)) };
}

/** A value without its type: a person copied it out of a portal or a table. */
function untyped(text: string, where: string, isTable = /[,;\t"]/.test(text)): Failure {
  return new Failure({
    code: 'KG121',
    message: `${JSON.stringify(text)} does not name an object: it does not begin with a type.`,
    where,
    remedy: isTable
      ? 'It looks like part of a table. Write one TYPE/ID or TYPE/NAME on each line and nothing else, for example user/alice@contoso.com.'
      : `Write the type before it: TYPE/${text}, for example user/${text}.`,
  });
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The type and the id or name in a text; `typeOf` finds the type. Throws a Failure (KG121) when it names no object. */
export function objectIn(
  text: string,
  where: string,
  typeOf: (name: string) => ObjectType,
): Omit<AskedObject, keyof AskedText> {
  const slash = text.indexOf('/');
  const head = slash === -1 ? text : text.slice(0, slash);
  if (/[^A-Za-z]/.test(head)) throw untyped(text, where);
  const type = slash === 0 ? undefined : typeOf(head);
  const only = type?.singleton !== undefined;
  const name = slash === -1 ? '' : text.slice(slash + 1).trim();
  if (type !== undefined && only && (slash === -1 || name.toLowerCase() === type.name.toLowerCase())) {
    return { type, name: type.name, key: singletonKey(type), certain: true };
  }
  if (type === undefined || name === '') {
    throw new Failure({
      code: 'KG121',
      message: `${JSON.stringify(text)} does not name an object.`,
      where,
      remedy:
        'Write TYPE/ID or TYPE/NAME, for example user/0f8a1c2e-5d1b-4f0e-9a53-2b7c1d0e4f6a or user/alice@contoso.com.',
    });
  }
  return { type, name, key: objectKey(type.name, name), certain: isGuidKeyed(type) && GUID.test(name) };
}

/** Whether objects of the type are identified by one GUID. */
function isGuidKeyed(type: ObjectType): boolean {
  if (type.keys.length > 1 || type.singleton !== undefined) return false;
  const shape = type.properties.find((property) => property.name === type.keys[0])?.shape;
  return shape?.kind === 'scalar' && shape.format === 'uuid';
}
