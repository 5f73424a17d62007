/** Wrong configurations. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Chapter, type Row, words } from './row.js';

const TENANT = 'tenant: 49e50a6f-979d-4196-a904-7913c22451fb';

function config(title: string, did: string, text: string, code: string): Row {
  return {
    title,
    did,
    typed: words('backups'),
    prepare: ({ write }) => write('knowngood.yaml', text),
    exit: 1,
    code,
  };
}

export const configuration: Chapter = {
  title: 'The configuration',
  rows: [
    {
      title: 'There is none',
      did: '`knowngood.yaml` was deleted.',
      typed: words('backups'),
      prepare: ({ root }) => rmSync(join(root, 'knowngood.yaml')),
      exit: 1,
      code: 'KG110',
    },
    {
      title: 'There is none where -C leads',
      did: '`knowngood.yaml` was deleted, and the folder named.',
      typed: words('backups -C .'),
      prepare: ({ root }) => rmSync(join(root, 'knowngood.yaml')),
      exit: 1,
      code: 'KG110',
    },
    config('It is empty', 'Nothing is left in `knowngood.yaml`.', '', 'KG101'),
    config('It is not YAML', 'A bracket was never closed.', `format: 1\n${TENANT}\ntypes: [user\n`, 'KG102'),
    config('A key is misspelt', '`branch` became `brnach`.', `format: 1\n${TENANT}\nbrnach: main\n`, 'KG103'),
    config('A key is there twice', '`tenant` is written twice.', `format: 1\n${TENANT}\n${TENANT}\n`, 'KG102'),
    config('A value cannot be', '`cloud` is none that there is.', `format: 1\n${TENANT}\ncloud: globla\n`, 'KG103'),
    config('The tenant is no id', '`tenant` is a domain.', 'format: 1\ntenant: acme.example\n', 'KG103'),
    config('A type is misspelt', '`types` asks for `usr`.', `format: 1\n${TENANT}\ntypes: [usr, group]\n`, 'KG120'),
    config(
      'A property is misspelt',
      '`unmanaged` names `jobTitel`.',
      `format: 1\n${TENANT}\nunmanaged:\n  user: [jobTitel]\n`,
      'KG123',
    ),
    config('It is of a newer version', '`format` is 2.', `format: 2\n${TENANT}\n`, 'KG103'),
    {
      title: 'It is a folder',
      did: '`knowngood.yaml` was deleted, and a folder made of that name.',
      typed: words('backups -C .'),
      prepare: ({ root, git }) => {
        rmSync(join(root, 'knowngood.yaml'));
        git('init', '--quiet', 'knowngood.yaml');
      },
      exit: 1,
      code: 'KG101',
    },
  ],
};
