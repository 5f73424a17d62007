import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.js';

const ID = '72f988bf-86f1-41af-91ab-2d7cd011db47';

/** Command line, code, and a part of the message or of the advice. */
const MISTAKES: readonly (readonly [line: string, code: string, part: string])[] = [
  ['snapshto', 'KG002', 'Did you mean snapshot?'],
  ['nonsense', 'KG002', 'Unknown command: nonsense'],
  ['nonsense --help', 'KG002', 'Unknown command: nonsense'],
  ['sandbox nonsense', 'KG002', 'Unknown command: sandbox nonsense'],
  ['sandbox inciden mass-disable', 'KG002', 'Did you mean sandbox incident?'],
  ['--nonsense', 'KG003', 'Unknown option: --nonsense'],
  ['diff --detailed-exitcod', 'KG003', 'Did you mean --detailed-exitcode?'],
  ['-C here diff --nonsense', 'KG003', 'Unknown option: --nonsense'],
  ['-C here', 'KG004', 'Missing command'],
  ['plan', 'KG004', 'Missing option: --to'],
  ['apply', 'KG004', 'Missing argument: FILE'],
  ['sandbox incident', 'KG004', 'Missing argument: NAME'],
  ['diff a b c', 'KG005', 'Unexpected argument: c'],
  ['snapshot now', 'KG005', 'Unexpected argument: now'],
  ['sandbox start now', 'KG005', 'Unexpected argument: now'],
  ['plan --to HEAD --format xml', 'KG006', 'text, json, markdown'],
  ['plan --to', 'KG006', '--to expects a value'],
  ['plan --to a --to b', 'KG006', 'only be specified once'],
  ['init --users many', 'KG006', '--users: Expected an integer'],
  ['diff --json --format markdown', 'KG006', '--json'],
  ['sandbox start --tls-key key.pem', 'KG006', '--tls-cert'],
  ['init', 'KG160', '--tenant sandbox'],
  ['init acme --tenant contoso', 'KG161', 'contoso'],
  [`init acme --tenant ${ID} --users 5`, 'KG162', '--users'],
  ['sandbox incident mass-disabel', 'KG170', 'Did you mean mass-disable?'],
  ['sandbox start', 'KG173', '--data'],
  ['show nowhere.json', 'KG150', 'does not exist'],
  ['apply nowhere.json', 'KG150', 'does not exist'],
  ['backups', 'KG110', 'no state repository'],
];

describe('a command line that makes no sense', () => {
  it.each(MISTAKES)('is told in words: %s', { concurrent: true }, async (line, code, part) => {
    const { code: exit, stdout, stderr } = await runCli(line.split(' '));
    expect(exit).toBe(1);
    if (!line.includes('--json')) expect(stdout).toBe('');
    const told = line.includes('--json') ? stdout : stderr;
    expect(told).toContain(code);
    expect(told).toContain(part);
    expect(told).not.toMatch(/\n\s+at |node_modules|oclif/);
  });

  it.each(MISTAKES)('is told as one JSON document: %s', { concurrent: true }, async (line, code, part) => {
    const {
      code: exit,
      stdout,
      stderr,
    } = await runCli([...line.split(' '), ...(line.includes('--json') ? [] : ['--json'])]);
    expect(exit).toBe(1);
    expect(stderr).toBe('');
    const document = JSON.parse(stdout);
    expect(document).toEqual({
      format: 1,
      error: {
        code: expect.stringMatching(`^${code}`),
        message: expect.any(String),
        where: line.startsWith('show')
          ? 'nowhere.json'
          : expect.toSatisfy((value) => value === null || typeof value === 'string'),
        remedy: expect.any(String),
      },
    });
    expect(`${document.error.message} ${document.error.remedy}`).toContain(part);
  });

  it('does not take what is after -- for options', async () => {
    const { code, stdout, stderr } = await runCli(['show', '--', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('KG110');
  });

  it('ends quietly when nobody reads what it says', async () => {
    const child = startCli(['sandbox', 'incident', '--list']);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('shows control characters instead of obeying them', async () => {
    const { stderr } = await runCli(['show', 'evil\u001b]0;title\u0007\u202e.json']);
    expect(stderr).toContain('evil\\u{1b}]0;title\\u{7}\\u{202e}.json');
    expect(stderr).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  it('colours errors when asked to, and not otherwise', async () => {
    const coloured = await runCli(['nonsense'], { env: { FORCE_COLOR: '1' } });
    expect(coloured.stderr).toContain('\u001b[31m\u001b[1mError:');
    const plain = await runCli(['nonsense', '--no-color'], { env: { FORCE_COLOR: '1' } });
    expect(plain.stderr).not.toContain('\u001b');
    const silent = await runCli(['nonsense'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(silent.stderr).not.toContain('\u001b');
  });

  it.each(['test', 'development', 'production'])('is told the same with NODE_ENV=%s', async (NODE_ENV) => {
    const { code, stderr } = await runCli(['snapshto'], { env: { NODE_ENV } });
    expect(code).toBe(1);
    expect(stderr.split('\n')).toHaveLength(3);
  });
});

describe('help and version', () => {
  it.each(['', '--help', '-h', 'help', 'sandbox', 'sandbox --help', '--version', '-V'])(
    'end well: knowngood %s',
    { concurrent: true },
    async (line) => {
      const { code, stdout, stderr } = await runCli(line === '' ? [] : line.split(' '));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('knowngood');
    },
  );

  it('lists the commands in the order of use', async () => {
    const { stdout } = await runCli(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}\S/gm)].map(([, name]) => name);
    expect(listed).toEqual([
      'init',
      'snapshot',
      'backups',
      'diff',
      'plan',
      'show',
      'apply',
      'validate',
      'coverage',
      'doctor',
      'sandbox start',
      'sandbox incident',
      'sandbox token',
      'demo',
    ]);
  });

  const COMMANDS: readonly (readonly [command: string, codes: readonly number[]])[] = [
    ['init', [0, 1, 130]],
    ['snapshot', [0, 1, 3, 4, 130]],
    ['backups', [0, 1, 130]],
    ['diff', [0, 1, 2, 3, 4, 130]],
    ['plan', [0, 1, 2, 3, 4, 130]],
    ['show', [0, 1, 4, 130]],
    ['validate', [0, 1, 130]],
    ['coverage', [0, 1, 130]],
    ['doctor', [0, 1, 130]],
    ['apply', [0, 1, 3, 4, 5, 130]],
    ['sandbox start', [0, 1, 130]],
    ['sandbox incident', [0, 1, 4, 130]],
    ['sandbox token', [0, 1, 130]],
    ['demo', [0, 1, 130]],
  ];

  it.each(COMMANDS)('of %s says what its exit codes mean', { concurrent: true }, async (command, codes) => {
    const { code, stdout } = await runCli([...command.split(' '), '--help']);
    expect(code).toBe(0);
    const section = stdout.slice(stdout.indexOf('EXIT CODES'));
    const told = [...section.matchAll(/^ {2,4}(\d+) {2}\S/gm)].map(([, number]) => Number(number));
    expect(told).toEqual(codes);
  });

  it('is the same with "help" before the command', async () => {
    const [before, after] = await Promise.all([runCli(['help', 'plan']), runCli(['plan', '--help'])]);
    expect(before).toEqual(after);
  });
});
