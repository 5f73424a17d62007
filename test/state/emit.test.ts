import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/model/json.js';
import { emitMembers } from '../../src/state/emit.js';
import { scanCanonical } from '../../src/state/scan.js';
import { hostileString, hostileWords } from '../support/hostile.js';

const leaf = fc.oneof(
  hostileString,
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('any'), { maxLength: 4 }), tie('members')),
  members: fc.dictionary(fc.oneof(hostileString, fc.constantFrom('id', '@odata.type', 'no', '')), tie('any'), {
    maxKeys: 4,
  }),
})).members as fc.Arbitrary<JsonObject>;

function asJson(object: unknown): unknown {
  return JSON.parse(JSON.stringify(object));
}

describe('canonical YAML', () => {
  it('reads back as the same value in both versions of YAML, whatever the strings are', () => {
    fc.assert(
      fc.property(value, (object) => {
        const text = emitMembers(asJson(object) as JsonObject, '');
        for (const version of ['1.2', '1.1'] as const) {
          expect(parse(text === '' ? '{}' : text, { version })).toEqual(asJson(object));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every word that some parser would take for something else', () => {
    for (const word of hostileWords) {
      const text = emitMembers({ [word]: word, list: [word, [word], { [word]: word }] }, '');
      expect(parse(text)).toEqual({ [word]: word, list: [word, [word], { [word]: word }] });
      expect(parse(text, { version: '1.1' })).toEqual({ [word]: word, list: [word, [word], { [word]: word }] });
    }
  });

  it('is read fast as the yaml package reads it, whatever the strings are', () => {
    fc.assert(
      fc.property(value, (object) => {
        const text = emitMembers(asJson(object) as JsonObject, '');
        fc.pre(text !== '');
        expect(scanCanonical(text)).toEqual(parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is not read fast when it is not byte for byte canonical', () => {
    const edits = [
      'a:  1\n',
      "a: 'x'\n",
      'a: 1',
      'a: 1\r\n',
      'a: 1 # no\n',
      'a:\n- 1\n',
      '\na: 1\n',
      'a: no\n',
      'a: 0x1F\n',
      'a: &b 1\n',
      '---\na: 1\n',
      'a: 1\na: 1\n',
      'a: ~\n',
      '',
      '- 1\n',
      'a: "\\x41"\n',
    ];
    for (const edit of edits) expect(scanCanonical(edit), edit).toBeUndefined();
  });

  it('writes what a reviewer expects to see', () => {
    const object = {
      id: '0f8a1c2e-0000-4000-8000-000000000001',
      displayName: "O'Hara, Zoë",
      department: 'Research (EMEA)',
      jobTitle: null,
      accountEnabled: true,
      businessPhones: ['+49 30 1234'],
      otherMails: [],
      ipRanges: [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '203.0.113.0/24' }],
      employeeOrgData: { division: 'no', costCenter: '0012' },
    };
    expect(emitMembers(object, '')).toBe(`id: 0f8a1c2e-0000-4000-8000-000000000001
displayName: "O'Hara, Zoë"
department: Research (EMEA)
jobTitle: null
accountEnabled: true
businessPhones:
  - "+49 30 1234"
otherMails: []
ipRanges:
  - "@odata.type": "#microsoft.graph.iPv4CidrRange"
    cidrAddress: "203.0.113.0/24"
employeeOrgData:
  division: "no"
  costCenter: "0012"
`);
  });

  it('shows invisible characters as escapes', () => {
    expect(emitMembers({ displayName: 'a\u202eb\u200bc\u2028\ufeff' }, '')).toBe(
      'displayName: "a\\u202eb\\u200bc\\u2028\\ufeff"\n',
    );
  });
});
