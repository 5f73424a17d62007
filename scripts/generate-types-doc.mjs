/** Writes docs/types.md from the type schemas, by what was built. */

import { writeFileSync } from 'node:fs';
import { coverageOfTypes } from '../dist/coverage-table.js';
import { typesDocument } from '../dist/report/index.js';

writeFileSync(new URL('../docs/types.md', import.meta.url), typesDocument(coverageOfTypes()));
