/** docs/types.md is made from the type schemas. */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coverageOfTypes } from '../../src/coverage-table.js';
import { typesDocument } from '../../src/report/index.js';

const file = new URL('../../docs/types.md', import.meta.url);

it('docs/types.md says what the type schemas say: if not, type `npm run docs`', () => {
  const current = readFileSync(file, 'utf8') === typesDocument(coverageOfTypes());
  expect(current, 'docs/types.md is not current. Type: npm run docs').toBe(true);
});
