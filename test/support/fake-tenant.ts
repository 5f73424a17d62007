/** A tenant that answers by path, and what is read of it: for tests where HTTP is not the point. */

import { collect } from '../../src/collect/collect.js';
import type { CollectOptions, LiveState, PreviousState } from '../../src/collect/types.js';
import { GraphFailure, type GraphRequest, type Outcome } from '../../src/graph/types.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import type { DirectoryObject, ObjectKey } from '../../src/model/object.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType, Registry } from '../../src/registry/types.js';
import { contentId } from '../../src/state/emit.js';
import { type FakeClient, fakeClient, ok, refusal } from './fake-client.js';

const everything = loadRegistry();

/** What Graph answers below each path: items of a list, pages of them, or a refusal. */
export type Answers = Readonly<Record<string, readonly JsonObject[] | readonly (readonly JsonObject[])[] | Outcome>>;

/** Objects of which there is exactly one, and the lists that they hold. */
export const ONLY: readonly ObjectType[] = everything.types.filter(({ singleton }) => singleton === 'object');
const FIXED: Answers = Object.fromEntries(
  ONLY.map(({ name, path, properties, keys }) => {
    // An object that tells nothing but its id counts as not read.
    const told = properties.find((property) => !keys.includes(property.name));
    const held = everything.types.flatMap(({ inline }) => (inline?.path === path ? [[inline.property, []]] : []));
    return [path, ok({ id: name, [told?.name ?? 'displayName']: 'some', ...Object.fromEntries(held) })];
  }),
);

/** Values that are read by requests of their own, where nothing else is given. */
const PARTS: readonly { readonly last: string; readonly answer: Outcome }[] = everything.types.flatMap(
  ({ properties }) =>
    properties.flatMap(({ name, shape, part }) => {
      const [value = 'some'] = shape.kind === 'scalar' ? (shape.values ?? []) : [];
      return part?.read === true ? [{ last: part.path.split('{id}')[1] ?? '', answer: ok({ [name]: value }) }] : [];
    }),
);

/** The path that answers are given for: without its query, but for a `$filter` that names an object. */
function placeOf({ path }: GraphRequest): string {
  const [below = '', query = ''] = path.split('?');
  const [id] = /\w+Id%20eq%20'[^']*'/.exec(query) ?? [];
  return id === undefined ? below : `${below}?${decodeURIComponent(id)}`;
}

/**
 * A tenant that answers to the paths given; every other list is empty, and every other object is not there but those of
 * which there is exactly one.
 */
export function tenant(given: Answers): FakeClient {
  const answers: Answers = { ...FIXED, ...given };
  const isList = (path: string) => !/\/[0-9a-f-]{36}$|\)$/.test(path);
  const answer = (request: GraphRequest): Outcome => {
    const place = placeOf(request);
    const found = answers[place] ?? PARTS.find(({ last }) => place.endsWith(last))?.answer;
    if (found === undefined) return isList(place) ? ok({ value: [] }) : refusal(404, 'Request_ResourceNotFound');
    return 'ok' in found ? found : ok({ value: found.flat() as Json[] });
  };
  const client = fakeClient(answer);
  return {
    ...client,
    // Pages, where they were given as such; a page that is no list ends the list.
    async *pages(request: GraphRequest) {
      const found = answers[placeOf(request)];
      if (found === undefined || 'ok' in found || !Array.isArray(found[0])) {
        yield* client.pages(request);
        return;
      }
      for (const page of found as readonly (readonly JsonObject[])[]) {
        if (page[0]?.refused === true) throw new GraphFailure({ status: 503, code: 'Busy', message: '' });
        yield page as readonly Json[];
      }
    },
  };
}

export interface Given {
  readonly registry?: Registry;
  /** Types that are asked for; all of them where they are not given. */
  readonly types?: readonly string[];
  readonly previous?: PreviousState;
  readonly excluded?: ReadonlySet<ObjectKey>;
  readonly written?: string[];
  readonly client?: FakeClient;
}

/** Reads a tenant as `snapshot` and `plan` do. */
export function read(answers: Answers, given: Given = {}): Promise<LiveState> {
  const { registry = everything, types } = given;
  return collect({
    client: given.client ?? tenant(answers),
    types: registry.types.filter(({ name }) => types?.includes(name) ?? true),
    related: registry.byName,
    previous: given.previous,
    excluded: given.excluded ?? new Set(),
    write: async (bytes) => {
      given.written?.push(bytes.toString('utf8'));
      return contentId(bytes);
    },
    keep: () => true,
    clock: () => new Date('2026-11-20T00:00:00Z'),
    progress: () => undefined,
    signal: new AbortController().signal,
  } satisfies CollectOptions);
}

/** A state as the backup that the next one is compared with. */
export const backup = ({ ids, captured, coverage, objects }: LiveState): PreviousState => ({
  ids,
  captured,
  coverage,
  load: async (keys) =>
    new Map(
      [...keys].flatMap((key) => (objects.has(key) ? [[key, objects.get(key) as DirectoryObject] as const] : [])),
    ),
});
