import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { Failure } from '../../src/model/problem.js';

const FILE = 'knowngood.yaml';

function failureOf(text: string): Failure {
  try {
    readConfig(text, FILE);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('readConfig', () => {
  it('fills in what is not written', () => {
    expect(readConfig('format: 1\ntenant: sandbox\n', FILE)).toEqual({
      format: 1,
      tenant: 'sandbox',
      cloud: 'global',
      branch: 'main',
      exclude: [],
      unmanaged: {},
      optional: {},
      fullReadEvery: 7,
    });
  });

  it('keeps everything that is written, ids in lower case', () => {
    const text = `format: 1
tenant: 72F988BF-86F1-41AF-91AB-2D7CD011DB47
cloud: usgov
branch: backups
types: [user, group]
exclude: ["user/0F8A1C2E-6D1B-4A53-9D0E-3C1F7A2B9E10"]
unmanaged:
  user: [jobTitle]
optional:
  user: [perUserMfaState]
fullReadEvery: 30
`;
    expect(readConfig(text, FILE)).toEqual({
      format: 1,
      tenant: '72f988bf-86f1-41af-91ab-2d7cd011db47',
      cloud: 'usgov',
      branch: 'backups',
      types: ['user', 'group'],
      exclude: ['user/0f8a1c2e-6d1b-4a53-9d0e-3c1f7a2b9e10'],
      unmanaged: { user: ['jobTitle'] },
      optional: { user: ['perUserMfaState'] },
      fullReadEvery: 30,
    });
  });

  it.each(['', ' \n\n', '# nothing but a comment\n', '---\n'])('refuses an empty file: %j', (text) => {
    expect(failureOf(text)).toMatchObject({ code: 'KG101', where: FILE });
  });

  it.each([
    ['a bracket that stays open', 'format: 1\ntenant: [sandbox\n', /^knowngood\.yaml:3:1$/],
    ['a key given twice', 'format: 1\ntenant: sandbox\ntenant: sandbox\n', /^knowngood\.yaml:3:1$/],
    ['two documents', 'format: 1\ntenant: sandbox\n---\nformat: 1\n', /^knowngood\.yaml:3:1$/],
    ['an alias of nothing', 'format: 1\ntenant: *x\n', /^knowngood\.yaml:/],
  ])('refuses what is not YAML: %s', (_, text, where) => {
    const failure = failureOf(text);
    expect(failure.code).toBe('KG102');
    expect(failure.where).toMatch(where);
    expect(failure.message).not.toContain('\n');
  });

  it('suggests the key that was meant, at its line and column', () => {
    const failure = failureOf('format: 1\ntenant: sandbox\nexlude: []\n');
    expect(failure).toMatchObject({ code: 'KG103', where: 'knowngood.yaml:3:1', exit: 1 });
    expect(failure.message).toContain('Did you mean "exclude"?');
  });

  it('names the misspelt key before the missing one', () => {
    const failure = failureOf('format: 1\ntenat: sandbox\n');
    expect(failure.where).toBe('knowngood.yaml:2:1');
    expect(failure.message).toMatch(/Did you mean "tenant"\?.*"tenant" is missing\./);
  });

  it.each([
    ['a wrong cloud', 'format: 1\ntenant: sandbox\ncloud: usgv\n', 'knowngood.yaml:3:1', 'usgov'],
    ['another format', 'format: 2\ntenant: sandbox\n', 'knowngood.yaml:1:1', 'format must be 1'],
    ['text for a list', 'format: 1\ntenant: sandbox\ntypes: user\n', 'knowngood.yaml:3:1', 'types must be a list'],
    ['no GUID', 'format: 1\ntenant: contoso\n', 'knowngood.yaml:2:1', 'tenant'],
    ['a list for everything', '- format: 1\n', 'knowngood.yaml:1:1', 'an object'],
    ['a bad item', 'format: 1\ntenant: sandbox\nexclude:\n  - user\n', 'knowngood.yaml:4:5', 'a type and an id'],
  ])('refuses %s', (_, text, where, part) => {
    const failure = failureOf(text);
    expect(failure).toMatchObject({ code: 'KG103', where });
    expect(failure.message).toContain(part);
  });
});
