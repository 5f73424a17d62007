/**
 * A program of somebody who uses Microsoft's Graph SDK and Azure Identity: it knows a base URL and where to sign in, and
 * nothing else of who answers. It prints what it saw as JSON. `NODE_EXTRA_CA_CERTS` names the authority to trust.
 */

import { ClientSecretCredential } from '@azure/identity';
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';

const { graph, authority, tenant, clientId, secret, largeGroup, only } = JSON.parse(process.argv[2]);

const credential = new ClientSecretCredential(tenant, clientId, secret, {
  authorityHost: authority,
  disableInstanceDiscovery: true,
});
const client = Client.initWithMiddleware({
  baseUrl: graph,
  customHosts: new Set([new URL(graph).hostname]),
  authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes: [`${graph}/.default`] }),
});

/** Every item of a list, page by page, as the SDK's iterator walks it. */
async function walk(request, stopAt = Number.POSITIVE_INFINITY) {
  const items = [];
  const iterator = new PageIterator(client, await request.get(), (item) => {
    items.push(item);
    return items.length !== stopAt;
  });
  await iterator.iterate();
  const first = items.length;
  if (!iterator.isComplete()) await iterator.resume();
  return { first, items, deltaLink: iterator.getDeltaLink() };
}

async function refusal(promise) {
  try {
    await promise;
    return 'nothing was refused';
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { statusCode, code, requestId, date } = error;
    return { statusCode, code, requestId, date: date instanceof Date };
  }
}

const newUser = (name) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@northwind.example`,
  passwordProfile: { forceChangePasswordNextSignIn: true, password: 'xWwvJ]6NMw+bWH-d' },
});

const reference = (id) => ({ '@odata.id': `${graph}/v1.0/directoryObjects/${id}` });

const steps = {
  async signIn() {
    const { token } = await credential.getToken(`${graph}/.default`);
    const { tid, appid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    return { tenant: tid, application: appid };
  },

  async users() {
    const { first, items } = await walk(client.api('/users').select(['id', 'displayName']).top(40), 70);
    return { first, ids: items.map(({ id }) => id), keys: [...new Set(items.flatMap(Object.keys))] };
  },

  async members() {
    const { items } = await walk(client.api(`/groups/${largeGroup}/members`).select('id').top(999));
    return items.map(({ id }) => id);
  },

  async count() {
    const page = await client.api('/users').header('ConsistencyLevel', 'eventual').count(true).top(1).get();
    const plain = await client.api('/users/$count').header('ConsistencyLevel', 'eventual').get();
    return { listed: page['@odata.count'], plain };
  },

  async user() {
    const domain = (await client.api('/organization').get()).value[0].verifiedDomains[0].name;
    const upn = `sdk-judge@${domain}`;
    const made = await client.api('/users').post({ ...newUser('sdk-judge'), userPrincipalName: upn });
    const path = `/users/${made.id}`;
    await client.api(path).update({ department: 'Judges' });
    const updated = await client.api(path).select('department').get();
    await client.api(path).delete();
    const gone = await refusal(client.api(path).get());
    const bin = await walk(client.api('/directory/deletedItems/microsoft.graph.user').select('id,deletedDateTime'));
    const restored = await client.api(`/directory/deletedItems/${made.id}/restore`).post({});
    const back = await client.api(path).select('department,userPrincipalName').get();
    return {
      made,
      updated,
      gone,
      inBin: bin.items.find(({ id }) => id === made.id),
      restored,
      back,
    };
  },

  async group() {
    const users = (await client.api('/users').select('id').top(25).get()).value.map(({ id }) => id);
    const body = { displayName: 'SDK', mailEnabled: false, mailNickname: 'sdk', securityEnabled: true };
    const made = await client.api('/groups').post(body);
    const members = `/groups/${made.id}/members`;
    const pack = users.slice(0, 20).map((id) => reference(id)['@odata.id']);
    await client.api(`/groups/${made.id}`).update({ 'members@odata.bind': pack });
    await client.api(`${members}/$ref`).post(reference(users[20]));
    const twice = await refusal(client.api(`${members}/$ref`).post(reference(users[20])));
    await client.api(`${members}/${users[0]}/$ref`).delete();
    const { items } = await walk(client.api(members).select('id'));
    const tooMany = await refusal(
      client.api(`/groups/${made.id}`).update({ 'members@odata.bind': [...pack, ...pack.slice(0, 1)] }),
    );
    return { expected: users.slice(1, 21), members: items.map(({ id }) => id), twice, tooMany };
  },

  async policy() {
    const policies = '/identity/conditionalAccess/policies';
    const made = await client.api(policies).post({
      displayName: 'Judged',
      state: 'disabled',
      conditions: {
        clientAppTypes: ['all'],
        applications: { includeApplications: ['All'] },
        users: { includeUsers: ['None'] },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    });
    await client.api(`${policies}/${made.id}`).update({ state: 'enabledForReportingButNotEnforced' });
    const { state } = await client.api(`${policies}/${made.id}`).get();
    await client.api(`${policies}/${made.id}`).delete();
    const gone = await refusal(client.api(`${policies}/${made.id}`).get());
    const restored = await client.api(`/identity/conditionalAccess/deletedItems/policies/${made.id}/restore`).post({});
    return { state, gone, restored: restored.id === made.id };
  },

  async batch() {
    const [{ id }] = (await client.api('/users').select('id').top(1).get()).value;
    const step = (number, path, options, ...dependsOn) => ({
      id: String(number),
      request: new Request(`${graph}${path}`, options),
      ...(dependsOn.length > 0 ? { dependsOn } : {}),
    });
    const json = { 'Content-Type': 'application/json' };
    const missing = '00000000-0000-4000-8000-000000000000';
    const content = new BatchRequestContent([
      step(1, `/users/${id}`, { method: 'PATCH', headers: json, body: JSON.stringify({ city: 'Batchville' }) }),
      step(2, `/users/${id}?$select=city`, { method: 'GET' }, '1'),
      step(3, `/users/${missing}`, { method: 'GET' }, '2'),
      step(4, `/users/${id}`, { method: 'GET' }, '3'),
    ]);
    const answer = new BatchResponseContent(await client.api('/$batch').post(await content.getContent()));
    const statuses = ['1', '2', '3', '4'].map((number) => answer.getResponseById(number).status);
    return { statuses, city: (await answer.getResponseById('2').json()).city };
  },

  async delta() {
    const users = await walk(client.api('/users/delta').select('displayName'));
    const groups = await walk(client.api('/groups/delta').select('displayName,members'));
    const members = groups.items
      .filter(({ id }) => id === largeGroup)
      .flatMap((item) => item['members@delta'] ?? [])
      .map(({ id }) => id);
    const body = { displayName: 'Delta', mailEnabled: false, mailNickname: 'delta', securityEnabled: true };
    const made = await client.api('/groups').post(body);
    await client.api(`/groups/${made.id}/members/$ref`).post(reference(members[0]));
    await client.api(`/groups/${largeGroup}/members/${members[1]}/$ref`).delete();
    const gone = await client.api('/groups').post({ ...body, displayName: 'Gone', mailNickname: 'gone' });
    const between = await walk(client.api(groups.deltaLink));
    await client.api(`/groups/${gone.id}`).delete();
    const after = await walk(client.api(between.deltaLink));
    return {
      users: new Set(users.items.map(({ id }) => id)).size,
      members,
      made: between.items.filter(({ id }) => id === made.id),
      added: members[0],
      removedFrom: between.items.filter(({ id }) => id === largeGroup),
      removed: members[1],
      after: after.items,
      gone: gone.id,
    };
  },

  async refused() {
    return {
      missing: await refusal(client.api('/users/00000000-0000-4000-8000-000000000000').get()),
      property: await refusal(client.api('/users').select('noSuchThing').get()),
      version: await refusal(client.api('/users').version('v9').get()),
    };
  },
};

const results = {};
for (const [name, step] of Object.entries(steps)) {
  if (only !== undefined && name !== only) continue;
  results[name] = await step().catch((error) => ({ failed: `${error.stack}` }));
}
process.stdout.write(JSON.stringify(results));
