import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { coverageOfTypes } from '../../src/coverage-table.js';
import { renderJson } from '../../src/report/index.js';
import { shownBackup, shownObject, validation } from './sample-inspections.js';
import { applied, appliedInPart, backups, snapshot } from './sample-results.js';
import { badDay, badDayPlan, difference, plan } from './sample-reviews.js';
import { OTHER_COMMIT, PARTIAL } from './samples.js';

interface SchemaFile {
  readonly $schema: string;
  readonly $defs?: Record<string, unknown>;
}

const folder = new URL('../../schemas/output/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

function schema(name: string): SchemaFile {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as SchemaFile;
}

function validator(name: string): (document: unknown) => string[] {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema(name));
  return (document) => {
    validate(JSON.parse(renderJson(document)));
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}

describe('the schemas of the outputs', () => {
  it('are one for each document', () => {
    const documents = [
      ...['apply', 'backups', 'coverage-table', 'difference-report', 'doctor', 'error', 'plan'],
      ...['shown-backup', 'shown-object', 'snapshot', 'validation'],
    ];
    expect(names.sort()).toEqual(documents.map((name) => `${name}.json`));
  });

  it('define what they share in the same words', () => {
    const shared = new Map<string, string>();
    for (const name of names) {
      for (const [definition, value] of Object.entries(schema(name.replace('.json', '')).$defs ?? {})) {
        const text = JSON.stringify(value);
        expect(shared.get(definition) ?? text, `${name} ${definition}`).toBe(text);
        shared.set(definition, text);
      }
    }
  });

  it.each(names)('%s is of draft 2020-12, closed and described everywhere', (name) => {
    const root = schema(name.replace('.json', ''));
    expect(root.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('type' in value && value.type === 'object' && !('additionalProperties' in value)) open.push(path);
      if ('type' in value && !('description' in value)) open.push(`${path} is not described`);
      for (const [key, item] of Object.entries(value)) visit(item, `${path}/${key}`);
    };
    visit(root, '');
    expect(open).toEqual([]);
  });
});

describe('documents', () => {
  it.each([
    ['difference-report', difference()],
    ['difference-report', badDay()],
    ['difference-report', difference({ coverage: { live: PARTIAL }, live: { kind: 'commit', commit: OTHER_COMMIT } })],
    ['plan', plan()],
    ['plan', plan({ desired: { ...plan().desired, backup: OTHER_COMMIT } })],
    ['plan', badDayPlan(3)],
    ['snapshot', snapshot({ coverage: PARTIAL })],
    ['backups', backups()],
    ['coverage-table', coverageOfTypes()],
    ['shown-backup', shownBackup()],
    ['shown-backup', shownBackup({ state: { kind: 'commit', commit: OTHER_COMMIT }, coverage: PARTIAL })],
    ['shown-object', shownObject({ names: { [shownObject().links.members?.[0] ?? '']: 'Ada' } })],
    ['validation', validation()],
    ['validation', validation({ commit: OTHER_COMMIT, problems: [] })],
    ['apply', applied()],
    ['apply', appliedInPart()],
    [
      'error',
      { format: 1, error: { code: 'KG101', message: 'No state repository.', where: null, remedy: 'Make one.' } },
    ],
  ])('%s is valid', (name, document) => {
    expect(validator(name)(document)).toEqual([]);
  });

  const valid = badDayPlan(1);
  const [update, restore] = [valid.actions[0], valid.actions[1]];
  it.each([
    ['a member nobody knows', { ...valid, surprise: true }],
    ['an id that is none', { ...valid, id: 'f'.repeat(63) }],
    ['another format', { ...valid, format: 2 }],
    ['no names', { ...valid, names: undefined }],
    ['an unknown action', { ...valid, actions: [{ ...update, action: 'purge' }] }],
    ['an unknown phase', { ...valid, actions: [{ ...update, phase: 'before' }] }],
    ['a member of another action', { ...valid, actions: [{ ...update, target: 'x' }] }],
    ['links on an update', { ...valid, actions: [{ ...update, links: [] }] }],
    ['an update of nothing', { ...valid, actions: [{ ...update, set: [] }] }],
    ['an update without the live value', { ...valid, actions: [{ ...update, set: [{ path: 'a', desired: 1 }] }] }],
    ['a live value in a restore', { ...valid, actions: [{ ...restore, set: [{ path: 'a', live: 1, desired: 2 }] }] }],
    ['a soft-delete that writes', { ...valid, actions: [{ ...update, action: 'soft-delete' }] }],
    ['a key that climbs', { ...valid, actions: [{ ...update, object: 'user/../../etc' }] }],
    ['a key that is a folder', { ...valid, kept: [{ object: 'user/..', label: '', since: 'created' }] }],
    ['a key with a control character', { ...valid, kept: [{ object: 'user/a\u001bb', label: '', since: 'created' }] }],
    ['a time of another zone', { ...valid, createdAt: '2026-11-20T14:33:00+01:00' }],
    ['a negative count', { ...valid, summary: { ...valid.summary, link: -1 } }],
  ])('a plan with %s is refused', (_, document) => {
    expect(validator('plan')(document)).not.toEqual([]);
  });
});
