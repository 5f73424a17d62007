/** Plans, journals and state files that are not as they were written. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../src/model/plan.js';
import { planId } from '../../src/plan/plan.js';
import { PERSON, type Place } from './place.js';
import { type Chapter, type Row, words } from './row.js';

function spoilt(
  title: string,
  did: string,
  change: (text: string, place: Place) => string,
  code: string,
  exit = 1,
): Row {
  return {
    title,
    did,
    typed: words('apply plan.json'),
    prepare: (place) => place.write('plan.json', change(place.read('plan.json'), place)),
    exit,
    code,
  };
}

/** A plan with another content and the id that goes with it. */
function rewritten(text: string, change: (plan: Plan) => Plan): string {
  const changed = change(JSON.parse(text) as Plan);
  return `${JSON.stringify({ ...changed, id: planId(changed) }, undefined, 2)}\n`;
}

const journalOf = ({ root, plan }: Place) => join(root, '.knowngood', 'journal', `${plan.id}.jsonl`);

export const plans: Chapter = {
  title: 'Plans and their journals',
  rows: [
    {
      title: 'No such file',
      did: 'The name of the plan is misspelt.',
      typed: words('apply plna.json'),
      exit: 1,
      code: 'KG150',
    },
    spoilt('The file is empty', 'Nothing is left in `plan.json`.', () => '', 'KG141'),
    spoilt('The file is half', '`plan.json` was cut off.', (text) => text.slice(0, 700), 'KG141'),
    spoilt('The file is something else', '`plan.json` is JSON, and no plan.', () => '{"name": "acme"}\n', 'KG143'),
    spoilt(
      'A member is missing',
      '`tenant` was taken out.',
      (text) => text.replace(/^ {2}"tenant": .*\n/m, ''),
      'KG143',
    ),
    spoilt(
      'A newer format',
      'The plan was made by a version to come.',
      (text) => text.replace('"format": 1', '"format": 2'),
      'KG142',
    ),
    spoilt(
      'Edited by hand',
      'A value was changed in an editor.',
      (text) => text.replaceAll('"Research"', '"Rescue"'),
      'KG144',
      4,
    ),
    spoilt(
      'Edited, with the id made again',
      'A value was changed, and the id calculated for it.',
      (text) => rewritten(text.replaceAll('"Research"', '"Rescue"'), (plan) => plan),
      'KG147',
      4,
    ),
    spoilt(
      'For another tenant',
      'The plan was made in the repository of another tenant.',
      (text) => rewritten(text, (plan) => ({ ...plan, tenant: '11111111-1111-4111-8111-111111111111' })),
      'KG116',
      4,
    ),
    spoilt(
      'Of another backup',
      'The plan goes back to a commit that this repository does not have.',
      (text) =>
        rewritten(text, (plan) => ({ ...plan, desired: { ...plan.desired, commit: '1234567'.padEnd(40, '0') } })),
      'KG145',
    ),
    spoilt(
      'Of a commit that is no backup',
      'The plan goes back to the commit that `init` made.',
      (text, { git }) =>
        rewritten(text, (plan) => ({ ...plan, desired: { ...plan.desired, commit: git('rev-parse', 'HEAD~2') } })),
      'KG132',
    ),
    spoilt(
      'Of another version',
      'The plan was made with other schemas.',
      (text) => rewritten(text, (plan) => ({ ...plan, schemas: `sha256:${'0'.repeat(64)}` })),
      'KG146',
      4,
    ),
    {
      title: 'Already applied',
      did: 'The plan was applied before: what it would write is there.',
      typed: words('apply applied.json'),
      exit: 5,
      changes: true,
    },
    {
      title: 'A folder in place of the journal',
      did: 'The journal cannot be opened, so that nothing is written to the tenant.',
      typed: words('apply plan.json'),
      prepare: (place) => mkdirSync(journalOf(place), { recursive: true }),
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A file in place of the folder of journals',
      did: '`.knowngood` is a file.',
      typed: words('apply plan.json'),
      prepare: ({ root }) => {
        rmSync(join(root, '.knowngood'), { recursive: true });
        writeFileSync(join(root, '.knowngood'), '');
      },
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A plan over a file that is none',
      did: '`-o` names a file with something else in it.',
      typed: words('plan --to HEAD -o knowngood.yaml'),
      exit: 1,
      code: 'KG151',
    },
    {
      title: 'A plan in a folder that does not exist',
      did: '`-o` names a folder that nobody made.',
      typed: words('plan --to HEAD -o plans/plan.json'),
      exit: 1,
      code: 'KG151',
    },
  ],
};

/** A commit with a state file that somebody changed. */
function edited(title: string, did: string, change: (text: string) => string, code: string, line = 'diff HEAD'): Row {
  return {
    title,
    did,
    typed: words(line),
    prepare: ({ read, write, commit }) => {
      write(PERSON, change(read(PERSON)));
      commit('Edit');
    },
    exit: 1,
    code,
  };
}

export const stateFiles: Chapter = {
  title: 'State files',
  rows: [
    edited(
      'Not YAML, in a commit',
      'A quotation mark was never closed, and that was committed.',
      (text) => text.replace(/^department: .*$/m, 'department: "Research'),
      'KG201',
    ),
    edited(
      'Not what the schema says, in a commit',
      '`accountEnabled` became a word, and that was committed.',
      (text) => text.replace(/^accountEnabled: .*$/m, 'accountEnabled: maybe'),
      'KG202',
      'plan --to HEAD',
    ),
    edited(
      'A key twice, in a commit',
      '`department` is written twice.',
      (text) => text.replace(/^(department: .*)$/m, '$1\n$1'),
      'KG205',
    ),
    edited(
      'Another object in the file, in a commit',
      'The file of one person was copied over that of another.',
      (text) => text.replaceAll('000000000001', '000000000009'),
      'KG203',
    ),
    {
      title: 'Not YAML, in the work tree',
      did: 'A file was broken and not committed yet.',
      typed: words('validate'),
      prepare: ({ read, write }) => write(PERSON, read(PERSON).replace(/^department: .*$/m, 'department: "Research')),
      exit: 1,
    },
    {
      title: 'An unresolved merge, in the work tree',
      did: 'Two edits of one file could not be united, and nobody did.',
      typed: words('validate'),
      prepare: ({ read, write }) =>
        write(
          PERSON,
          read(PERSON).replace(
            /^department: .*$/m,
            '<<<<<<< HEAD\ndepartment: Research\n=======\ndepartment: Sales\n>>>>>>> sales',
          ),
        ),
      exit: 1,
    },
    {
      title: 'A folder is gone',
      did: 'All files of the users were deleted, and that was not committed yet.',
      typed: words('validate'),
      prepare: ({ root }) => rmSync(join(root, 'tenant-state', 'users'), { recursive: true }),
      exit: 1,
    },
    {
      title: 'Files are gone, in a commit',
      did: 'The file of one person was deleted, and that was committed.',
      typed: words('diff HEAD'),
      prepare: ({ root, commit }) => {
        rmSync(join(root, PERSON));
        commit('By hand');
      },
      exit: 0,
    },
  ],
};
