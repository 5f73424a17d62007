import { expect, test } from 'vitest';
import { validateConfig } from '../../src/registry/config-schema.js';
import type { Loose } from './sample-schemas.js';

const TENANT = '0f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05';
const least = { format: 1, tenant: TENANT };

test.each<[string, Loose]>([
  ['the least there can be', least],
  ['a sandbox', { format: 1, tenant: 'sandbox' }],
  [
    'everything there can be',
    {
      ...least,
      cloud: 'usgov',
      branch: 'backups/main',
      types: ['user', 'group'],
      exclude: [`user/${TENANT}`],
      unmanaged: { user: ['city'] },
      optional: { user: ['perUserMfaState'] },
    },
  ],
])('%s is valid', (_, document) => {
  expect(validateConfig(document)).toEqual([]);
});

test.each<[string, Loose, string, string]>([
  ['nothing', null, '', 'It must be an object, not null.'],
  ['no tenant', { format: 1 }, '', '"tenant" is missing.'],
  ['no format', { tenant: TENANT }, '', '"format" is missing.'],
  ['another format', { ...least, format: 2 }, 'format', 'It must be 1.'],
  [
    'a tenant that is none',
    { ...least, tenant: 'contoso' },
    'tenant',
    "It must be the tenant's id (a GUID), or sandbox for the emulator that comes with the tool.",
  ],
  ['a misspelt key', { ...least, tpyes: [] }, 'tpyes', '"tpyes" is not known here. Did you mean "types"?'],
  [
    'a key that does not exist yet',
    { ...least, approval: {} },
    'approval',
    '"approval" is not known here. Known are format, tenant, cloud, branch, types, exclude, unmanaged, optional, fullReadEvery.',
  ],
  [
    'a cloud that does not exist',
    { ...least, cloud: 'us-gov' },
    'cloud',
    '"us-gov" is not one of "global", "usgov", "usgovdod", "china". Did you mean "usgov"?',
  ],
  ['a branch that is an option', { ...least, branch: '--all' }, 'branch', 'It must be the name of the git branch'],
  ['types that are no list', { ...least, types: 'user' }, 'types', 'It must be a list, not text.'],
  ['no types at all', { ...least, types: [] }, 'types', 'It must not be empty.'],
  ['an object without a type', { ...least, exclude: [TENANT] }, 'exclude.0', 'It must be a type and an id'],
  ['unmanaged properties that are no list', { ...least, unmanaged: { user: 'city' } }, 'unmanaged.user', 'a list'],
  [
    'optional properties that are no list',
    { ...least, optional: { user: 'perUserMfaState' } },
    'optional.user',
    'a list',
  ],
])('%s is told', (_, document, path, sentence) => {
  const violations = validateConfig(document);
  expect(violations.map((violation) => violation.path.join('.'))).toEqual([path]);
  expect(violations[0]?.message).toContain(sentence);
});
