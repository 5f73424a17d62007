/** Mistakes in type schemas, as tables of them are written. */

import { expect } from 'vitest';
import { failureOf, type Loose, registryOf, schemaOf } from './sample-schemas.js';

/** A way to break a schema, and what must be said about it. */
export interface Mistake {
  readonly name: string;
  readonly make: (schema: Loose) => void;
  /** JSON pointer of the mistake inside the schema file. */
  readonly at: string;
  readonly says: string;
  readonly remedy?: string;
}

/** The schema of a link that is as it should be. */
export const link = () => ({
  type: 'array',
  items: { type: 'string', format: 'uuid' },
  'x-link': {
    targets: ['thing'],
    cardinality: 'many',
    list: { path: '/things/{id}/parts?$select=id' },
    add: { path: '/things/{id}', bind: 'parts@odata.bind', perRequest: 20 },
    remove: { path: '/things/{id}/parts/{target}/$ref' },
  } as Loose,
});

/** The schema of the property that the sample schema has besides its identity. */
export const name = (schema: Loose): Loose => schema.properties.displayName;

/** Makes the mistake in a sample schema, and expects that loading it says what and where. */
export function expectRefused({ make, at, says, remedy }: Mistake): void {
  const schema = schemaOf('things');
  make(schema);
  const failure = failureOf(() => registryOf({ thing: schema }));
  expect(failure.code).toBe('KG301');
  expect(failure.where).toBe(`schemas/types/thing.json#${at}`);
  expect(failure.message).toContain(says);
  if (remedy !== undefined) expect(failure.remedy).toContain(remedy);
}
