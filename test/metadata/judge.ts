/** Judges requests and values by Microsoft's metadata. What does not fit is returned as words. */

import {
  cast,
  enumOf,
  isComputed,
  isExtension,
  isKind,
  Misfit,
  memberOf,
  type Place,
  resolvePath,
  typeOf,
  type Use,
  useOf,
} from './model.js';
import { leaves } from './recorder.mjs';

/** A value that its property does not take. */
class WrongValue extends Misfit {}

/**
 * What is wrong with a recorded request, or with one value of its body; undefined when it fits. `anyValue`: whatever the
 * values are, the names must fit.
 */
export function judge(
  method: string,
  template: string,
  path: string,
  value: string | null,
  anyValue = false,
): string | undefined {
  try {
    const at = template.indexOf('?');
    const place = resolvePath(at < 0 ? template : template.slice(0, at));
    if (at >= 0) query(place, template.slice(at + 1));
    if (value !== null) body(method, place, path.split('/').slice(1).map(decodeURIComponent), value);
    return undefined;
  } catch (cause) {
    if (cause instanceof WrongValue && anyValue) return undefined;
    if (cause instanceof Misfit) return cause.message;
    throw cause;
  }
}

/** What of an answer to a path does not fit, as `where: why`; each place once. */
export function judgeAnswer(template: string, answer: unknown): string[] {
  const wrong = new Set<string>();
  const place = resolvePath(template.replace(/\?.*$/s, ''));
  const items = place.many ? (answer as { readonly value: readonly unknown[] }).value : [answer];
  for (const item of items) {
    leaves(item, '', (path, value) => {
      try {
        fits({ ...place, many: false }, path.split('/').slice(1).map(decodeURIComponent), value);
      } catch (cause) {
        if (!(cause instanceof Misfit)) throw cause;
        wrong.add(`${template} ${path}: ${cause.message}`);
      }
    });
  }
  return [...wrong];
}

function query(place: Place, text: string): void {
  // A next link is followed as it is: the sandbox marks those of its empty pages.
  const asked = text.replace(/(?:^|&)page=\d+/g, '').replace(/^&/, '');
  for (const option of asked === '' ? [] : asked.split(/&(?=\$|search)/)) {
    const [name = '', value = ''] = [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)];
    const check = OPTIONS[name];
    if (check === undefined) throw new Misfit(`${name} is no query option`);
    check(place.type, value);
  }
}

const member = (type: string, path: string): Use =>
  path.split('/').reduce<Use>(
    (use, name) => {
      const next = memberOf(use.type, name);
      if (next === undefined) throw new Misfit(`${use.type} has no ${name}`);
      return next;
    },
    { type, many: false, nullable: false },
  );

const OPTIONS: Readonly<Record<string, (type: string, value: string) => void>> = {
  $select: (type, value) => {
    for (const name of value.split(',')) member(type, name);
  },
  $expand: (type, value) => {
    for (const name of value.split(/,(?![^(]*\))/)) {
      const found = memberOf(type, name.replace(/\(.*\)$/, ''));
      if (found?.relationship !== true) throw new Misfit(`${type} has no relationship ${name}`);
      const inner = /\((.*)\)$/.exec(name)?.[1];
      if (inner !== undefined) query({ ...found, as: 'value' }, inner.replaceAll(';', '&'));
    }
  },
  $filter: (type, value) => {
    const bare = value
      .replace(/([\w/]+)\/(?:any|all)\((\w+):([^)]*)\)/g, (_, list, one, inner: string) =>
        inner.replace(new RegExp(`\\b${one}\\b`, 'g'), list),
      )
      .replace(/'[^']*'/g, '')
      .replace(/\{id\}/g, '')
      .replace(/\b\d[\w:.-]*/g, '');
    for (const word of bare.match(/[A-Za-z][\w/.]*/g) ?? []) if (!WORDS.has(word)) member(type, word);
  },
  $orderby: (type, value) => {
    for (const each of value.split(',')) member(type, each.trim().split(' ')[0] ?? '');
  },
  $top: (_, value) => {
    if (!/^[1-9]\d{0,2}$/.test(value)) throw new Misfit(`$top=${value} is not between 1 and 999`);
  },
  $count: (_, value) => {
    if (value !== 'true') throw new Misfit(`$count=${value}`);
  },
  $search: () => undefined,
  $skiptoken: () => undefined,
  $deltatoken: () => undefined,
};

/** What a `$filter` has besides names of properties. */
const WORDS = new Set(
  'eq ne gt ge lt le and or not in null true false startswith endswith contains any all has'.split(' '),
);

function body(method: string, place: Place, path: readonly string[], value: string): void {
  if (place.as === 'count') throw new Misfit('a count takes no body');
  if (place.as === 'reference') {
    if (path.join('/') !== '@odata.id') throw new Misfit(`a reference has no ${path.join('/')}`);
    reference(value, place.type);
  } else if (place.call !== undefined) {
    const [name = '', ...rest] = path;
    const parameter = place.call.parameters[name];
    if (parameter === undefined && value !== 'empty object') throw new Misfit(`${place.call.name} takes no ${name}`);
    if (parameter !== undefined) fits(useOf(parameter), rest, value);
  } else {
    const [name = ''] = path.filter((each) => !each.startsWith('{'));
    if (method !== 'POST' && isComputed(place.type, name)) throw new Misfit(`${name} is set by the service alone`);
    fits({ ...place, many: false, nullable: false }, path, value);
  }
}

/** The reference leads to an object, and that may be what is expected. A directory object may be any of its kinds. */
function reference(value: string, expected: string): void {
  if (!value.startsWith('ref:')) throw new Misfit(`${value} is no reference`);
  const target = resolvePath(value.slice('ref:'.length));
  if (target.many || target.as !== 'value') throw new Misfit(`${value} is not one object`);
  if (!isKind(target.type, expected) && !isKind(expected, target.type)) throw new Misfit(`${value} is no ${expected}`);
}

/** Whether the value at a path inside something of this type fits. */
export function fits(use: Use, path: readonly string[], value: string): void {
  const [step, ...rest] = path;
  if (step === undefined) leaf(use, value);
  else if (step === '[]') {
    if (!use.many) throw new Misfit(`${use.type} is no list`);
    fits({ ...use, many: false }, rest, value);
  } else if (use.many) throw new Misfit(`a list of ${use.type} is expected`);
  else if (step.startsWith('{')) fits({ ...use, type: cast(step.slice(1, -1), use.type) }, rest, value);
  else property(use.type, step, rest, value);
}

function property(type: string, step: string, rest: readonly string[], value: string): void {
  const [, name = '', annotation] = /^([^@]*)(?:@(.*))?$/.exec(step) ?? [];
  if (name === '' || annotation === 'odata.context' || annotation === 'odata.type') return;
  const found = memberOf(type, name);
  if (found === undefined) {
    if (!isExtension(type, name)) throw new Misfit(`${type} has no ${name}`);
  } else if (annotation === 'odata.bind') {
    if (!found.relationship) throw new Misfit(`${name} of ${type} is no relationship`);
    if (found.many !== (rest[0] === '[]')) throw new Misfit(`${name} of ${type} has another cardinality`);
    reference(value, found.type);
  } else if (annotation === undefined) fits(found, rest, value);
  else throw new Misfit(`${step} says nothing`);
}

const KINDS: Readonly<Record<string, RegExp>> = {
  'Edm.String': /^(?:"|guid$|date-time$|text$|ref:)/s,
  'Edm.Guid': /^guid$/,
  'Edm.DateTimeOffset': /^date-time$/,
  'Edm.Date': /^"\d{4}-\d\d-\d\d"$/,
  'Edm.Boolean': /^boolean$/,
  'Edm.Int16': /^integer$/,
  'Edm.Int32': /^integer$/,
  'Edm.Int64': /^integer$/,
  'Edm.Double': /^(?:integer|number)$/,
  'Edm.Duration': /^"-?P/,
  'Edm.Binary': /^(?:text|"[A-Za-z0-9+/_-]*={0,2}")$/,
  'Edm.Stream': /^text$/,
};

function leaf(use: Use, value: string): void {
  const expected = use.many ? `a list of ${use.type}` : use.type;
  if (value === 'null') {
    if (!use.nullable || use.many) throw new WrongValue(`null is no value of ${expected}`);
    return;
  }
  const values = enumOf(use.type);
  if (use.many ? value === 'empty list' : KINDS[use.type]?.test(value)) return;
  if (!use.many && values !== undefined && value.startsWith('"')) {
    const words = (JSON.parse(value) as string).split(/, ?/);
    const unknown = words.filter((word) => !values.members.includes(word));
    if (unknown.length > 0 || (words.length > 1 && values.flags !== true))
      throw new WrongValue(`${value} is no member of ${use.type}`);
    return;
  }
  if (!use.many && value === 'empty object' && typeOf(use.type) !== undefined) return;
  throw new WrongValue(`${value} is no value of ${expected}`);
}
