/** The seeded bugs fit the sources as they are: a bug that no longer applies would be "found" by nothing. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bugs } from './bugs.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('A seeded bug', () => {
  it.each(bugs)('applies at exactly one place: $name', ({ file, from }) => {
    expect(readFileSync(`${ROOT}/${file}`, 'utf8').split(from)).toHaveLength(2);
  });
});
