/** Ways to Graph that lead nowhere. */

import { type Chapter, words } from './row.js';

const sandboxConfig = 'format: 1\ntenant: sandbox\n';

export const connection: Chapter = {
  title: 'The connection',
  rows: [
    {
      title: 'The sandbox does not run',
      did: '`KNOWNGOOD_GRAPH_URL` leads to a port where nothing listens.',
      typed: words('snapshot'),
      env: ({ silent }) => ({ KNOWNGOOD_GRAPH_URL: silent }),
      exit: 1,
      code: 'KG114',
    },
    {
      title: 'The sandbox of a clone',
      did: 'The repository of a sandbox was cloned: `.knowngood/` is not in git.',
      typed: words('diff'),
      prepare: ({ write }) => write('knowngood.yaml', sandboxConfig),
      env: () => ({ KNOWNGOOD_GRAPH_URL: undefined }),
      exit: 1,
      code: 'KG112',
    },
    {
      title: 'An incident where nothing answers',
      did: 'The sandbox has stopped.',
      typed: words('sandbox incident mass-disable'),
      env: ({ silent }) => ({ KNOWNGOOD_GRAPH_URL: silent }),
      exit: 1,
      code: 'KG177',
    },
    {
      title: 'No such host',
      did: '`KNOWNGOOD_GRAPH_URL` names a host that does not exist.',
      typed: words('diff'),
      env: () => ({ KNOWNGOOD_GRAPH_URL: 'https://graph.invalid', KNOWNGOOD_TOKEN: 'secret-token' }),
      exit: 1,
      code: 'KG114',
    },
    {
      title: 'Not https',
      did: 'The address of a real tenant is plain http.',
      typed: words('diff'),
      env: () => ({ KNOWNGOOD_GRAPH_URL: 'http://graph.example', KNOWNGOOD_TOKEN: 'secret-token' }),
      exit: 4,
      code: 'KG118',
    },
    {
      title: 'Not an address',
      did: '`KNOWNGOOD_GRAPH_URL` has a path.',
      typed: words('diff'),
      env: () => ({ KNOWNGOOD_GRAPH_URL: 'https://graph.example/v1.0', KNOWNGOOD_TOKEN: 'secret-token' }),
      exit: 1,
      code: 'KG113',
    },
    {
      title: 'No token',
      did: '`KNOWNGOOD_TOKEN` is not set.',
      typed: words('snapshot'),
      env: () => ({ KNOWNGOOD_GRAPH_URL: undefined }),
      exit: 1,
      code: 'KG111',
    },
    {
      title: 'A token that cannot be one',
      did: '`KNOWNGOOD_TOKEN` holds a line break.',
      typed: words('snapshot'),
      env: ({ url }) => ({ KNOWNGOOD_GRAPH_URL: url, KNOWNGOOD_TOKEN: 'secret\ntoken' }),
      exit: 1,
      code: 'KG119',
    },
    {
      title: 'A token that is no longer good',
      did: 'Graph answers with 401.',
      typed: words('snapshot'),
      env: ({ refusing }) => ({ KNOWNGOOD_GRAPH_URL: refusing, KNOWNGOOD_TOKEN: 'secret-token' }),
      exit: 1,
      code: 'KG114',
    },
    {
      title: 'Another tenant',
      did: '`knowngood.yaml` names a tenant, and the token is of another.',
      typed: words('snapshot'),
      prepare: ({ write }) => write('knowngood.yaml', 'format: 1\ntenant: 11111111-1111-4111-8111-111111111111\n'),
      exit: 4,
      code: 'KG116',
    },
    {
      title: 'An incident for a real tenant',
      did: '`KNOWNGOOD_GRAPH_URL` is not set, so that the way leads to Microsoft.',
      typed: words('sandbox incident mass-disable'),
      env: () => ({ KNOWNGOOD_GRAPH_URL: undefined }),
      exit: 4,
      code: 'KG171',
    },
  ],
};
