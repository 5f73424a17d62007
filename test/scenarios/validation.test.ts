/** The files of a repository: as they come, broken in every way, at a commit, and without a configuration to go by. */

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitOfValidation } from '../../src/cli/exit-codes.js';
import { EXIT } from '../../src/model/problem.js';
import type { ValidationReport } from '../../src/model/validation.js';
import { validateFiles } from '../../src/validation.js';
import { OFFICE, person, STAFF, TEAM } from '../support/acme.js';
import { gitIn, type Scene, sceneForTest, surroundings, temporary } from '../support/scene.js';

async function backedUp(): Promise<Scene> {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  return scene;
}

const validate = (directory: string, revision?: string) => validateFiles({ directory, revision }, surroundings({}));

/** `code file:line` */
const said = (report: ValidationReport) =>
  report.problems.map(({ code, file, line }) => `${code} ${file}${line === undefined ? '' : `:${line}`}`);

const userFile = (n: number) => `tenant-state/users/${person(n).slice(0, 3)}/${person(n)}.yaml`;
const groupFile = (id: string) => `tenant-state/groups/${id.slice(0, 3)}/${id}.yaml`;

describe('a repository as it comes', () => {
  it('is valid: the work tree, and every commit', async () => {
    const scene = await backedUp();
    const files = gitIn(scene.root, 'ls-files', 'tenant-state').split('\n').length;
    const here = await validate(scene.root);
    expect(here).toEqual({
      format: 1,
      kind: 'validation',
      files: files + 1,
      counts: { errors: 0, warnings: 0, notes: 0 },
      problems: [],
    });
    const commit = gitIn(scene.root, 'rev-parse', 'HEAD');
    expect(await validate(scene.root, 'HEAD')).toEqual({ ...here, commit });
    expect(await validate(scene.root, 'HEAD~1')).toMatchObject({ files: 1, problems: [] });
    expect(await validate(scene.root, new Date().toISOString())).toMatchObject({ commit });
    expect(exitOfValidation(here)).toBe(EXIT.done);
  });

  it('is checked at HEAD where it has no work tree', async () => {
    const scene = await backedUp();
    const bare = join(temporary(), 'bare.git');
    gitIn(scene.root, 'clone', '--quiet', '--bare', '.', bare);
    expect(await validate(bare)).toMatchObject({ commit: gitIn(scene.root, 'rev-parse', 'HEAD'), problems: [] });
    rmSync(bare, { recursive: true });
  });

  it('needs a revision that there is, and a repository', async () => {
    const scene = await backedUp();
    await expect(validate(scene.root, 'nowhere')).rejects.toMatchObject({ code: 'KG130' });
    await expect(validate(temporary())).rejects.toMatchObject({ code: 'KG405' });
  });
});

describe('everything that is wrong', () => {
  it('is told with its place, in the work tree and at a commit', async () => {
    const scene = await backedUp();
    const at = (file: string) => join(scene.root, ...file.split('/'));
    appendFileSync(at(userFile(1)), 'acountEnabled: true\n');
    appendFileSync(at(userFile(2)), 'department: twice\n');
    writeFileSync(at(userFile(3)), 'id: [\n');
    // In a folder of no user, and the file of another: where it belongs is not told.
    mkdirSync(at('tenant-state/users/zzz'));
    renameSync(at(userFile(4)), at(`tenant-state/users/zzz/${person(5)}.yaml`));
    mkdirSync(at('tenant-state/groups/zzz'));
    renameSync(at(groupFile(TEAM)), at(`tenant-state/groups/zzz/${TEAM}.yaml`));
    renameSync(at(groupFile(STAFF)), at(groupFile(STAFF).replace('.yaml', '.yml')));
    writeFileSync(
      at(`tenant-state/namedLocations/${OFFICE}.yaml`),
      `# checked by hand\n${readFileSync(at(`tenant-state/namedLocations/${OFFICE}.yaml`), 'utf8')}`,
    );
    mkdirSync(at('tenant-state/usrs/x'), { recursive: true });
    writeFileSync(at('tenant-state/usrs/x/a.yaml'), 'a');
    writeFileSync(at('tenant-state/usrs/b.yaml'), 'b');
    writeFileSync(at('tenant-state/README.md'), 'hello');
    symlinkSync('/etc/passwd', at('tenant-state/users/link.yaml'));
    const expected = [
      `KG206 ${groupFile(STAFF).replace('.yaml', '.yml')}`,
      `KG208 tenant-state/groups/zzz/${TEAM}.yaml`,
      `KG209 tenant-state/namedLocations/${OFFICE}.yaml:1`,
      'KG206 tenant-state/README.md',
      `KG202 ${userFile(1)}:`,
      `KG205 ${userFile(2)}:`,
      `KG201 ${userFile(3)}:`,
      `KG203 tenant-state/users/zzz/${person(5)}.yaml:1`,
      'KG206 tenant-state/users/link.yaml',
      'KG207 tenant-state/usrs/',
      `KG210 ${userFile(4)}`,
    ];
    const here = await validate(scene.root);
    const short = (report: ValidationReport) => said(report).map((line) => line.replace(/(KG20[125] .*:)\d+$/, '$1'));
    expect(short(here).sort()).toEqual([...expected].sort());
    expect(here.counts).toEqual({ errors: 9, warnings: 1, notes: 1 });
    expect(exitOfValidation(here)).toBe(EXIT.error);
    expect(here.problems.find(({ code }) => code === 'KG207')).toMatchObject({
      message: 'There is no type with this folder, and 2 files in it.',
      remedy: expect.stringContaining('Did you mean users?'),
    });
    expect(here.problems.find(({ file }) => file.endsWith('.yml'))?.remedy).toBe(`Rename it: ${groupFile(STAFF)}`);
    expect(here.problems.find(({ code }) => code === 'KG208')?.remedy).toBe(`Move it to ${groupFile(TEAM)}`);

    gitIn(scene.root, 'add', '--all');
    gitIn(scene.root, '-c', 'user.name=A', '-c', 'user.email=a@b.example', 'commit', '--quiet', '-m', 'By hand');
    expect((await validate(scene.root, 'HEAD')).problems).toEqual(here.problems);
    expect((await validate(scene.root, 'HEAD~1')).problems).toEqual([]);
  });

  it('has the command that takes the file from the backup again', async () => {
    const scene = await backedUp();
    writeFileSync(join(scene.root, ...userFile(1).split('/')), '');
    const [only] = (await validate(scene.root)).problems;
    const commit = gitIn(scene.root, 'rev-parse', '--short=7', 'HEAD');
    const command = `git checkout ${commit} -- ${userFile(1)}`;
    expect(only).toMatchObject({ code: 'KG202', message: 'The file is empty.' });
    expect(only?.remedy).toBe(`Correct it, or take the file from the backup again: \`${command}\`.`);
    gitIn(scene.root, ...command.split(' ').slice(1));
    expect((await validate(scene.root)).problems).toEqual([]);
  });

  it('is only a warning where it is what Graph answered', async () => {
    const scene = await backedUp();
    const file = join(scene.root, ...userFile(1).split('/'));
    writeFileSync(file, `${readFileSync(file, 'utf8')}newInGraph: true\n`);
    expect((await validate(scene.root)).counts).toEqual({ errors: 1, warnings: 0, notes: 0 });
    gitIn(scene.root, 'add', '--all');
    // What a backup of another version holds is what it was told.
    const message = gitIn(scene.root, 'log', '-1', '--format=%B');
    gitIn(scene.root, '-c', 'user.name=A', '-c', 'user.email=a@b.example', 'commit', '--quiet', '-m', message);
    const report = await validate(scene.root);
    expect(report.counts).toEqual({ errors: 0, warnings: 1, notes: 0 });
    expect(exitOfValidation(report)).toBe(EXIT.done);
  });
});

describe('a file that is gone', () => {
  const missing = ({ problems }: ValidationReport) =>
    problems.map(({ severity, code, file, rule }) => [severity, code, file, rule]);
  const typed = (scene: Scene, command: string | undefined) => {
    const [, line = ''] = /`(.+)`/.exec(command ?? '') ?? [];
    execFileSync('sh', ['-c', line], { cwd: scene.root, stdio: 'ignore' });
  };

  it('is a warning, with what a plan makes of it, and is brought back by the command that is named', async () => {
    const scene = await backedUp();
    const at = (file: string) => join(scene.root, ...file.split('/'));
    const backup = gitIn(scene.root, 'rev-parse', '--short=7', 'HEAD');
    rmSync(at(groupFile(TEAM)));
    const one = await validate(scene.root);
    expect(missing(one)).toEqual([['warning', 'KG210', groupFile(TEAM), 'missing']]);
    expect(one.problems[0]?.message).toMatch(
      new RegExp(
        `^group: 1 of \\d+ files of backup ${backup} is missing \\("team"\\); a plan from here takes it for not there and, with --allow-delete, deletes it\\.$`,
      ),
    );
    expect(exitOfValidation(one)).toBe(EXIT.done);
    for (const n of [1, 2, 3, 4, 5]) rmSync(at(userFile(n)));
    appendFileSync(at(userFile(6)), '# an edit that stays\n');
    const two = await validate(scene.root);
    expect(missing(two).filter(([severity]) => severity === 'warning')).toEqual([
      ['warning', 'KG210', groupFile(TEAM), 'missing'],
      ['warning', 'KG210', 'tenant-state/users/', 'missing'],
    ]);
    expect(two.problems.find(({ file }) => file === 'tenant-state/users/')?.message).toMatch(
      /^user: 5 of \d+ files .*"person01@acme\.example".* and 2 more\); .* deletes them\.$/,
    );
    for (const { remedy } of two.problems.filter(({ code }) => code === 'KG210')) typed(scene, remedy);
    expect(missing(await validate(scene.root))).toEqual([['note', 'KG209', userFile(6), 'canonical']]);
  });

  it('is an error where all of a type are, or everything is', async () => {
    const scene = await backedUp();
    const files = gitIn(scene.root, 'ls-files', 'tenant-state').split('\n').length;
    rmSync(join(scene.root, 'tenant-state', 'users'), { recursive: true });
    const users = await validate(scene.root);
    expect(missing(users)).toEqual([['error', 'KG210', 'tenant-state/users/', 'missing']]);
    expect(exitOfValidation(users)).toBe(EXIT.error);
    rmSync(join(scene.root, 'tenant-state'), { recursive: true });
    const all = await validate(scene.root);
    expect(missing(all)).toEqual([['error', 'KG210', 'tenant-state/', 'missing']]);
    expect(all.problems[0]?.message).toContain(`All ${files} files of backup`);
    typed(scene, all.problems[0]?.remedy);
    expect(await validate(scene.root)).toMatchObject({ problems: [], files: files + 1 });
  });

  it('does not count where knowngood.yaml leaves it out, or its name tells that it is there', async () => {
    const scene = await backedUp();
    renameSync(
      join(scene.root, ...groupFile(STAFF).split('/')),
      join(scene.root, ...groupFile(STAFF).replace('.yaml', '.yml').split('/')),
    );
    expect(said(await validate(scene.root)).map((line) => line.slice(0, 5))).toEqual(['KG206']);
    rmSync(join(scene.root, 'tenant-state', 'groups'), { recursive: true });
    rmSync(join(scene.root, ...userFile(1).split('/')));
    const config = join(scene.root, 'knowngood.yaml');
    appendFileSync(config, `types: [user]\nexclude: [user/${person(1)}]\n`);
    expect(said(await validate(scene.root))).toEqual([]);
  });

  it('is a warning of the plan and of the difference, for what they consider', async () => {
    const scene = await backedUp();
    rmSync(join(scene.root, ...groupFile(TEAM).split('/')));
    gitIn(scene.root, '-c', 'user.name=A', '-c', 'user.email=a@b.example', 'commit', '--quiet', '-am', 'By hand');
    const [of] = (await validate(scene.root, 'HEAD')).problems;
    const expected = [{ code: 'KG620', severity: 'warning', message: of?.message, remedy: of?.remedy }];
    const everything = await scene.run.plan('HEAD', { allowDelete: true });
    expect(everything.problems).toEqual(expected);
    expect(everything.actions).toMatchObject([{ action: 'soft-delete', object: `group/${TEAM}` }]);
    expect((await scene.run.diff({ desired: 'HEAD' })).problems).toEqual(expected);
    expect((await scene.run.plan('HEAD', { types: ['user'] })).problems).toEqual([]);
    expect((await scene.run.plan('HEAD~1')).problems).toEqual([]);
  });
});

describe('a line that is gone', () => {
  it('is a note: what it set is unmanaged from here on', async () => {
    const scene = await backedUp();
    const file = join(scene.root, ...userFile(1).split('/'));
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^department: .*\n/m, '').replace(/^createdDateTime: .*\n/m, ''));
    const report = await validate(scene.root);
    const backup = gitIn(scene.root, 'rev-parse', '--short=7', 'HEAD');
    expect(report.problems).toEqual([
      {
        file: userFile(1),
        severity: 'note',
        code: 'KG211',
        rule: 'unmanaged',
        message: 'department is not in the file: it is unmanaged from here on, and no plan sets it right.',
        remedy: `Nothing has to be done if that is meant; else put it back as in backup ${backup}.`,
      },
    ]);
    expect(exitOfValidation(report)).toBe(EXIT.done);
  });
});

describe('the configuration', () => {
  it.each<[string, string, string[]]>([
    ['is no YAML', 'format: 1\ntenant: [\n', ['KG102 knowngood.yaml:3']],
    [
      'was left in the middle of a merge',
      'format: 1\n<<<<<<< HEAD\ntenant: sandbox\n=======\ntenant: a\n>>>>>>> b\n',
      ['KG102 knowngood.yaml:2'],
    ],
    [
      'has several wrong keys',
      'format: 1\ntenant: sandbox\ntyeps: []\nbranch: 12\n',
      ['KG103 knowngood.yaml:3', 'KG103 knowngood.yaml:4'],
    ],
    [
      'names types and properties that there are none of',
      'format: 1\ntenant: sandbox\ntypes: [usr, grup]\nexclude: [usr/x]\nunmanaged:\n  user: [depratment, id]\n',
      [
        'KG120 knowngood.yaml:3',
        'KG120 knowngood.yaml:3',
        'KG120 knowngood.yaml:4',
        'KG123 knowngood.yaml:6',
        'KG123 knowngood.yaml:6',
      ],
    ],
    ['is empty', '', ['KG103 knowngood.yaml:1', 'KG103 knowngood.yaml:1']],
  ])('that %s does not keep the files from being checked', async (_, text, expected) => {
    const scene = await backedUp();
    writeFileSync(join(scene.root, 'knowngood.yaml'), text);
    appendFileSync(join(scene.root, ...userFile(1).split('/')), 'acountEnabled: true\n');
    const report = await validate(scene.root);
    expect(said(report).slice(0, -1)).toEqual(expected);
    expect(report.problems.at(-1)).toMatchObject({ code: 'KG202', path: 'acountEnabled' });
  });

  it('is missed', async () => {
    const scene = await backedUp();
    rmSync(join(scene.root, 'knowngood.yaml'));
    expect(said(await validate(scene.root))).toEqual(['KG101 knowngood.yaml']);
    expect(readdirSync(scene.root)).toContain('tenant-state');
  });
});
