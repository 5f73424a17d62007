/**
 * Collections without rules of their own: what there is to know of them is in `facts/plain-collections.json`, and what
 * their properties are in Microsoft's metadata.
 */
import { badRequest, GraphError } from './errors.js';
import plain from './facts/plain-collections.json' with { type: 'json' };
import type { PlainCollection, SeedObject } from './seed.js';
import type { Stored } from './store.js';

/** What is known of one such collection. */
export interface PlainFacts {
  /** Entity type in the metadata. */
  readonly type: string;
  /** Name in error messages. */
  readonly label: string;
  /** Where it is: `/identity/conditionalAccess/authenticationContextClassReferences`. */
  readonly path: string;
  /** Whether the directory itself answers. */
  readonly directory: boolean;
  /** Form of the ids that requests give to new objects; absent: the service gives a GUID. */
  readonly ids?: string;
  /** A PATCH of an object that is not there makes it. */
  readonly upsert?: boolean;
  /** Properties that a new object needs. */
  readonly required: readonly string[];
  /** An object is not deleted while a property has this value. */
  readonly keptWhile?: { readonly property: string; readonly equals: unknown };
  /** Objects that a made-up tenant has. */
  readonly samples?: readonly Readonly<Record<string, unknown>>[];
  /** Where these facts are from. */
  readonly source: string;
}

/** The plain collections by name. */
export const plainCollections: Readonly<Record<PlainCollection, PlainFacts>> = plain;

export function plainFacts(collection: string): PlainFacts | undefined {
  return (plainCollections as Readonly<Record<string, PlainFacts>>)[collection];
}

/** The id of a new object: the one that the request gives, or a new GUID. Throws 400 for one of another form. */
export function plainId(facts: PlainFacts, given: unknown, newId: string): string {
  if (facts.ids === undefined) return newId;
  if (typeof given === 'string' && new RegExp(facts.ids).test(given)) return given;
  throw facts.directory ? badRequest(idWords(facts)) : new GraphError(400, 'BadRequest', idWords(facts));
}

function idWords({ label }: PlainFacts): string {
  return `A value is required for property 'id' of resource '${label}', and it must have the form of one.`;
}

/** Throws 400 while the object may not be deleted. The words are not published. */
export function checkPlainDeletable(stored: Stored): void {
  const kept = plainFacts(stored.collection)?.keptWhile;
  if (kept === undefined || stored.object[kept.property] !== kept.equals) return;
  throw new GraphError(400, 'BadRequest', `It cannot be deleted while ${kept.property} is ${String(kept.equals)}.`);
}

/** What a made-up tenant has of the plain collections. */
export function plainSamples(): SeedObject[] {
  const all = Object.entries(plainCollections as Readonly<Record<string, PlainFacts>>);
  return all.flatMap(([collection, { samples = [] }]) =>
    samples.map((object) => ({ collection: collection as PlainCollection, object })),
  );
}
