/** What the requests that read a tenant ask for, told from the types of the registry: a new type is known by itself. */

import type { ObjectType, Registry } from '../../src/registry/types.js';

export type Role = 'list' | 'bin' | 'link' | 'part' | 'edges' | 'object' | 'deleted';

/** One kind of request: what it asks for, and of which types. */
export interface Reading {
  readonly role: Role;
  /** Types whose objects the answer is about; several where they share a path. */
  readonly types: readonly ObjectType[];
  /** The link or the property that the answer is. */
  readonly part?: string;
  /** Whether it is a page after the first. */
  readonly next: boolean;
  /** `list user`, `next page of link group.members`. */
  readonly name: string;
}

interface Place {
  readonly role: Role;
  readonly type: ObjectType;
  readonly part?: string;
  /** How many parts of the path may be anything: the fewer there are, the more particular it is. */
  readonly blanks: number;
  readonly matches: (path: string) => boolean;
}

/** Tells what a request asks for by its path, version and query included; undefined for what is about no type. */
export function readings(registry: Registry): (path: string) => Reading | undefined {
  const places = registry.types.flatMap(placesOf);
  return (full) => {
    const path = decodeURIComponent(full.replace(/^\/(?:v1\.0|beta)/, ''));
    if (path === '/organization?$select=id') return undefined;
    const found = places.filter(({ matches }) => matches(path));
    const [first] = [...found].sort((a, b) => a.blanks - b.blanks);
    if (first === undefined) return undefined;
    const same = found.filter(({ role, part }) => role === first.role && part === first.part);
    const next = path.includes('$skiptoken=');
    const types = same.map(({ type }) => type);
    const what = [types.map(({ name }) => name).join('+'), first.part].filter(Boolean).join('.');
    return {
      role: first.role,
      types,
      ...(first.part === undefined ? {} : { part: first.part }),
      next,
      name: `${next ? 'next page of ' : ''}${first.role} ${what}`,
    };
  };
}

function placesOf(type: ObjectType): Place[] {
  const at = (role: Role, template: string | undefined, part?: string): Place[] =>
    template === undefined
      ? []
      : [
          {
            role,
            type,
            ...(part === undefined ? {} : { part }),
            blanks: blanksIn(template),
            matches: matcherOf(template, role),
          },
        ];
  return [
    ...type.links.flatMap((link) => at('link', link.list.path, link.name)),
    ...type.properties.flatMap(({ name, part }) => at('part', part?.read === true ? part.path : undefined, name)),
    ...at('edges', type.edge?.list),
    ...at('bin', type.bin?.list),
    ...(type.path.includes('{owner}') ? [] : at('list', type.inline?.path ?? type.path)),
    ...(type.edge === undefined && type.singleton === undefined ? at('object', `${type.path}/{id}`) : []),
    ...at('deleted', type.bin?.get),
  ];
}

/** Queries tell nothing but the owner of edges that are filtered by it. */
function matcherOf(template: string, role: Role): (path: string) => boolean {
  const [place = '', query = ''] = template.split('?');
  const [filter] = role === 'edges' ? (/\$filter=\w+ eq/.exec(query) ?? []) : [];
  const shape = new RegExp(`^${place.replaceAll(/[$().]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return (path) => {
    const [asked = '', options = ''] = path.split('?');
    return shape.test(asked) && (filter === undefined || options.includes(filter));
  };
}

const blanksIn = (template: string): number => template.split('?')[0]?.match(/\{\w+\}/g)?.length ?? 0;
