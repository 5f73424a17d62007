import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import { checkStateFile } from '../../src/state/check.js';
import { droppedNames } from '../../src/state/dropped.js';
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
    ['a wrong type', canonical.replace('Sales', '12'), ['error', 'KG202', 'schema: type', 'displayName', '2:14']],
    [
      'a wrong item',
      canonical.replace(`  - ${OTHER}`, '  - Sales'),
      ['error', 'KG202', 'schema: format', 'members.1', '6:5'],
    ],
    ['a key twice', `${canonical}displayName: twice\n`, ['error', 'KG205', 'duplicate-key', '7:1']],
    ['another object', canonical.replace(ID, OTHER), ['error', 'KG203', 'identity', 'id', '1:5']],
    ['no id', 'displayName: Sales\n', ['error', 'KG203', 'identity', 'id', '1:1']],
    ['no object', '- a\n', ['error', 'KG202', 'schema: type', '', '1:1']],
    ['nothing', '', ['error', 'KG202', 'schema: type', '', '1:1']],
    ['no YAML', 'id: [\n', ['error', 'KG201', 'yaml', '2:1']],
    ['two documents', `${canonical}---\n${canonical}`, ['error', 'KG201', 'yaml', '7:1']],
    [
      'a list for a text',
      canonical.replace('Sales', '\n  - a'),
      ['error', 'KG202', 'schema: type', 'displayName', '2:1'],
    ],
    ['a tab', canonical.replace('\nm', '\n\tm'), ['error', 'KG201', 'yaml', '4:1']],
    [
      'an unresolved merge',
      canonical.replace('displayName: Sales', '<<<<<<< HEAD\ndisplayName: A\n=======\ndisplayName: B\n>>>>>>> theirs'),
      ['error', 'KG201', 'yaml', '2:1'],
    ],
    ['a text that does not end', canonical.replace('Sales', '"Sales'), ['error', 'KG201', 'yaml', '2:14']],
    ['an id that is none', canonical.replace(`id: ${ID}`, `id: ${ID}x`), ['error', 'KG203', 'identity', 'id', '1:5']],
  ])('with %s', (_, text, expected) => {
    expect(check(text)).toEqual([expected]);
  });

  const told = (content: string, type = 'group') =>
    checkStateFile({ registry, type: typeNamed(registry, type), key: `${type}/${ID}` }, Buffer.from(content)).map(
      ({ message, remedy }) => [message, remedy],
    );

  it.each<[string, string, string, string]>([
    ['empty', '', 'The file is empty.', 'Correct it'],
    ['nothing but a comment', '# gone\n', 'The file is empty.', 'Correct it'],
    [
      'with a merge that was left',
      `<<<<<<< HEAD\n${canonical}=======\n${canonical}>>>>>>> theirs\n`,
      'It has the markers of an unresolved merge, from line 1 on.',
      'Keep what is right of each part',
    ],
    [
      'with a tab',
      canonical.replace('\nm', '\n\tm'),
      'This is not YAML: a tab stands where a line is indented.',
      'Indent',
    ],
    [
      'with two documents',
      `${canonical}---\n${canonical}`,
      'It holds more than one YAML document: `---` begins another one here.',
      'Keep the document of the object',
    ],
    [
      'with a text that does not end',
      canonical.replace('Sales', '"Sales'),
      'This is not YAML: the text in quotation marks that begins here is never closed.',
      'Close it, in the same line.',
    ],
    [
      'without its id',
      'displayName: Sales\n',
      `The file is named after ${ID}, but it has no id.`,
      `Write \`id: ${ID}\``,
    ],
    [
      'with the id of another',
      canonical.replace(`id: ${ID}`, `id: ${OTHER}`),
      `The file is named after ${ID}, but its id is "${OTHER}".`,
      `Write \`id: ${ID}\` as the name of the file says, or name the file after the object that it holds.`,
    ],
  ])('%s has one thing wrong with it, and a way out', (_, text, message, remedy) => {
    expect(told(text)).toEqual([[message, expect.stringContaining(remedy)]]);
  });

  it('with a misspelt key where its id should be is told once', () => {
    const misspelt = canonical.replace('id: ', 'idd: ');
    expect(told(misspelt)).toEqual([['"idd" is not known here. Did you mean "id"?', 'Write "id".']]);
  });

  it('of an edge says which of its ends is another', () => {
    const key = `appRoleAssignment/${ID}_${OTHER}_00000000-0000-0000-0000-000000000000` as const;
    const edge = { principalId: OTHER, resourceId: OTHER, appRoleId: '00000000-0000-0000-0000-000000000000' };
    const type = typeNamed(registry, 'appRoleAssignment');
    const [only, ...others] = checkStateFile({ registry, type, key }, Buffer.from(emitMembers(edge, '')));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ code: 'KG203', line: 1, column: 14 });
    expect(only?.message).toMatch(new RegExp(`, but its principalId is "${OTHER}"\\.$`));
    expect(only?.remedy).toContain(`Write \`principalId: ${ID}\` as the name of the file says`);
  });

  it('of which there is one names no file', () => {
    const type = typeNamed(registry, 'organization');
    const [only] = checkStateFile(
      { registry, type, key: 'organization/organization' },
      Buffer.from('displayName: Acme\n'),
    );
    expect(only).toMatchObject({ code: 'KG203', message: 'The file names no object: it has no id.' });
    expect(only?.remedy).toMatch(/^Correct it/);
  });

  it('of another type is told once, with its place, and not for each of its keys', () => {
    const user = emitMembers(
      { id: ID, displayName: 'Ada', userPrincipalName: 'ada@x', givenName: 'Ada', jobTitle: null },
      '',
    );
    expect(check(user)).toEqual([['error', 'KG208', 'place', '1:1']]);
    expect(told(user)).toEqual([
      [
        'It looks like an object of type user, and this is a place of type group.',
        `Move it to tenant-state/users/0f8/${ID}.yaml, or take it away if that is there.`,
      ],
    ]);
    expect(check(`${user}nobodyKnows: 1\n`).map(([, code]) => code)).toEqual(Array(4).fill('KG202'));
    expect(check(canonical.replace('displayName', 'givenName')).map(([, code]) => code)).toEqual(['KG202']);
  });

  it.each<[string, string]>([
    [`\ufeff${canonical}`, 'it begins with a byte order mark'],
    [canonical.replaceAll('\n', '\r\n'), 'its lines end with CRLF'],
    [canonical.replace('Sales', 'Sales # by hand'), 'it has a comment'],
    [canonical.replace('Sales', '&name Sales'), 'it has an anchor'],
    [canonical.replace('Sales', '!!str Sales'), 'it has a tag'],
    [`---\n${canonical}`, 'it has a line that marks where a document begins or ends'],
    [canonical.replace('Sales', "'Sales'"), 'quotation marks are not where snapshot sets them'],
    [canonical.replace('Sales', '  Sales'), 'blanks are not where snapshot sets them'],
    [canonical.replace('  - ', '- ').replace('  - ', '- '), 'blanks are not where snapshot sets them'],
    [canonical.replace('\ndisplayName', '\n\ndisplayName'), 'its lines are laid out in another way'],
    [canonical.trimEnd(), 'its last line has no line break'],
    [`displayName: Sales\nid: ${ID}\n`, 'snapshot has its keys in another order, from displayName on'],
    [canonical.replace(`${ID}\n  - ${OTHER}`, `${OTHER}\n  - ${ID}`), 'members is a set, and not sorted'],
    [`${canonical}  - ${OTHER}\n`, `members is a set, and holds "${OTHER}" twice`],
    [canonical.replace(`- ${OTHER}`, `- ${OTHER.toUpperCase()}`), `snapshot writes members.1 as "${OTHER}"`],
    [
      canonical.replace('\nmembers', '\ncreatedDateTime: 2026-11-20T01:00:00+01:00\nmembers'),
      'snapshot writes createdDateTime as "2026-11-20T00:00:00Z"',
    ],
  ])('says in what it is spelled otherwise: %#', (text, what) => {
    expect(told(text)).toEqual([
      [
        `The file is valid, but not spelled as snapshot spells it: ${what}.`,
        'Nothing has to be done: the next backup writes it in its own way.',
      ],
    ]);
  });

  it('names what a person took out of it', () => {
    const dropped = (now: string) => droppedNames(typeNamed(registry, 'group'), canonical, now);
    expect(dropped(`id: ${ID}\ngroupTypes: []\n`)).toEqual(['displayName', 'members']);
    expect(dropped(canonical.replace('Sales', "'Sales' # same"))).toEqual([]);
    expect(dropped('groupTypes: [\n')).toEqual([]);
    const stamped = `${canonical}createdDateTime: 2026-11-20T00:00:00Z\n`;
    expect(droppedNames(typeNamed(registry, 'group'), stamped, canonical)).toEqual([]);
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
