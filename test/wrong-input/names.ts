/** Names of things that there are none of. */

import { person } from '../support/acme.js';
import { type Chapter, words } from './row.js';

const ALMOST = person(1).replace(/001$/, '071');

export const names: Chapter = {
  title: 'Names',
  rows: [
    {
      title: 'No such command',
      did: '`snapshot` is misspelt.',
      typed: words('snapshto'),
      exit: 1,
      code: 'KG002',
    },
    {
      title: 'No such option',
      did: '`--detailed-exitcode` is misspelt.',
      typed: words('diff --detailed-exitcod'),
      exit: 1,
      code: 'KG003',
    },
    {
      title: 'Options that exclude each other',
      did: 'JSON and Markdown are both asked for.',
      typed: words('diff --json --format markdown'),
      exit: 1,
      code: 'KG006',
    },
    {
      title: 'An option without its other half',
      did: 'A key is given, and no certificate.',
      typed: words('sandbox start --tls-key key.pem'),
      exit: 1,
      code: 'KG006',
    },
    {
      title: 'A value that an option does not take',
      did: 'The result is asked for as XML.',
      typed: words('diff --format xml'),
      exit: 1,
      code: 'KG006',
    },
    {
      title: 'No such type',
      did: '`user` is misspelt.',
      typed: words('diff --type usr'),
      exit: 1,
      code: 'KG120',
    },
    {
      title: 'No such type in a target',
      did: '`group` is misspelt.',
      typed: words('diff --target gruop/team'),
      exit: 1,
      code: 'KG120',
    },
    {
      title: 'No such revision',
      did: 'There is no such branch.',
      typed: words('diff mian'),
      exit: 1,
      code: 'KG130',
    },
    {
      title: 'No such abbreviated commit',
      did: 'No commit begins like that.',
      typed: words('plan --to 00000000'),
      exit: 1,
      code: 'KG130',
    },
    {
      title: 'A date before all backups',
      did: 'The first backup is younger.',
      typed: words('show 2020-01-01'),
      exit: 1,
      code: 'KG131',
    },
    {
      title: 'A date that is none',
      did: 'February has no 31st.',
      typed: words('show 2026-02-31'),
      exit: 1,
      code: 'KG130',
    },
    {
      title: 'A date as backups are listed with',
      did: 'A blank stands between day and time.',
      typed: () => ['show', '2026-11-20 14:30 UTC'],
      exit: 1,
      code: 'KG130',
    },
    {
      title: 'No such id',
      did: 'Two digits of an id are swapped.',
      typed: words(`show HEAD user/${ALMOST}`),
      exit: 1,
      code: 'KG134',
    },
    {
      title: 'No such id to plan for',
      did: 'The same id, as a target.',
      typed: words(`plan --to HEAD --target user/${ALMOST}`),
      exit: 1,
      code: 'KG122',
    },
    {
      title: 'No such name',
      did: 'A letter of a sign-in name is missing.',
      typed: words('show HEAD user/persn01@acme.example'),
      exit: 1,
      code: 'KG126',
    },
    {
      title: 'No such name to plan for',
      did: 'The same name, as a target.',
      typed: words('plan --to HEAD --target user/persn01@acme.example'),
      exit: 1,
      code: 'KG126',
    },
    {
      title: 'No such incident',
      did: '`mass-disable` is misspelt.',
      typed: words('sandbox incident mass-disabel'),
      exit: 1,
      code: 'KG170',
    },
    {
      title: 'A list of objects that names a wrong one',
      did: 'Line 2 of `objects.txt` is no object.',
      typed: words('plan --to HEAD --target-file objects.txt'),
      prepare: ({ write }) => write('objects.txt', 'group/team\nnonsense\n'),
      exit: 1,
      code: 'KG121',
    },
    {
      title: 'A table as a list of objects',
      did: '`people.csv` was exported from somewhere.',
      typed: words('plan --to HEAD --target-file people.csv'),
      prepare: ({ write }) => write('people.csv', 'userPrincipalName\nperson01@acme.example\n'),
      exit: 1,
      code: 'KG121',
    },
    {
      title: 'A target of another type',
      did: 'A group is asked for among the users.',
      typed: words('diff --type user --target group/team'),
      exit: 1,
      code: 'KG129',
    },
  ],
};
