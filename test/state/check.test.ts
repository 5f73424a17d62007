import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import { checkStateFile } from '../../src/state/check.js';
import { emitMembers } from '../../src/state/emit.js';
import { hostileWords } from '../support/hostile.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const ID = '0f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05';
const OTHER = '1f8a1c2e-5b1d-4c8e-9f63-2a7d4e1b9c05';

function check(content: string | Buffer, type = 'group') {
  const found = checkStateFile(
    { registry, type: typeNamed(registry, type), key: `${type}/${ID}` },
    Buffer.from(content),
  );
  return found.map(({ line, column, severity, code, rule, path }) => [
    severity,
    code,
    rule,
    ...(path === undefined ? [] : [path]),
    ...(line === undefined ? [] : [`${line}:${column}`]),
  ]);
}

const group: JsonObject = { id: ID, displayName: 'Sales', groupTypes: [], members: [ID, OTHER] };
const canonical = emitMembers(group, '');

describe('a state file', () => {
  it('as snapshot writes it has nothing wrong', () => {
    expect(check(canonical)).toEqual([]);
  });

  it.each(hostileWords.filter((word) => word !== ''))('may hold any text: %j', (displayName) => {
    expect(check(emitMembers({ ...group, displayName }, ''))).toEqual([]);
  });

  it.each<[string, string, unknown[]]>([
    ['quotes where none are needed', canonical.replace('Sales', '"Sales"'), ['note', 'KG209', 'canonical', '2:1']],
    ['a comment', `# by hand\n${canonical}`, ['note', 'KG209', 'canonical', '1:1']],
    [
      'a set in another order',
      canonical.replace(`${ID}\n  - ${OTHER}`, `${OTHER}\n  - ${ID}`),
      ['note', 'KG209', 'canonical', '5:1'],
    ],
    ['keys in another order', `displayName: Sales\nid: ${ID}\n`, ['note', 'KG209', 'canonical', '1:1']],
    ['no final line feed', canonical.trimEnd(), ['note', 'KG209', 'canonical', '6:1']],
    ['CRLF', canonical.replaceAll('\n', '\r\n'), ['note', 'KG209', 'canonical', '1:1']],
    [
      'an unknown key',
      canonical.replace('displayName', 'dispalyName'),
      ['error', 'KG202', 'schema: additionalProperties', 'dispalyName', '2:1'],
    ],
    ['a wrong type', canonical.replace('Sales', '12'), ['error', 'KG202', 'schema: type', 'displayName', '2:1']],
    [
      'a wrong item',
      canonical.replace(`  - ${OTHER}`, '  - Sales'),
      ['error', 'KG202', 'schema: format', 'members.1', '6:5'],
    ],
    ['a key twice', `${canonical}displayName: twice\n`, ['error', 'KG205', 'duplicate-key', '7:1']],
    ['another object', canonical.replace(ID, OTHER), ['error', 'KG203', 'identity', 'id', '1:1']],
    ['no id', 'displayName: Sales\n', ['error', 'KG203', 'identity', 'id', '1:1']],
    ['no object', '- a\n', ['error', 'KG202', 'schema: type', '', '1:1']],
    ['nothing', '', ['error', 'KG202', 'schema: type', '', '1:1']],
    ['no YAML', 'id: [\n', ['error', 'KG201', 'yaml', '2:1']],
    ['two documents', `${canonical}---\n${canonical}`, ['error', 'KG201', 'yaml', '7:1']],
  ])('with %s', (_, text, expected) => {
    expect(check(text)).toEqual([expected]);
  });

  it('that is not UTF-8 is not text', () => {
    expect(check(Buffer.from([0x69, 0x64, 0x3a, 0x20, 0xff, 0xfe]))).toEqual([['error', 'KG201', 'yaml', '1:1']]);
  });

  it('with aliases that would blow up is refused, and quickly', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefghi'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`)}]`),
    ];
    expect(check(bomb.join('\n')).map(([, code]) => code)).toContain('KG201');
  });

  it('tells everything that is wrong with it at once, each with its nearest name', () => {
    const found = checkStateFile(
      { registry, type: typeNamed(registry, 'group'), key: `group/${ID}` },
      Buffer.from(`id: ${OTHER}\ndispalyName: x\nmailEnabled: maybe\nmembers: none\n`),
    );
    expect(found.map(({ code, line }) => `${code}:${line}`).sort()).toEqual([
      'KG202:2',
      'KG202:3',
      'KG202:4',
      'KG203:1',
    ]);
    expect(found.find(({ line }) => line === 2)?.remedy).toBe('Write "displayName".');
    expect(found.find(({ line }) => line === 3)?.message).toMatch(/^mailEnabled must be true or false/);
  });
});
