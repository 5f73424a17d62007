/** A plain client for tests: HTTP and nothing of the product, fast enough for a thousand tenants. */

import { Agent, request } from 'node:http';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

export interface PlainAnswer {
  readonly status: number;
  readonly body: Json;
}

export interface PlainHttp {
  call(method: string, path: string, body?: Json): Promise<PlainAnswer>;
  /** What `fetch` does, as far as the product uses it. */
  readonly fetch: typeof fetch;
  close(): void;
}

export function plainHttp(root: string): PlainHttp {
  const agent = new Agent({ keepAlive: true });
  const exchange = (method: string, url: string, headers: Record<string, string>, body: string | undefined) =>
    new Promise<Response>((resolve, reject) => {
      const outgoing = request(url, { method, agent, headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          const names = Object.entries(incoming.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value] as [string, string]] : [],
          );
          const status = incoming.statusCode ?? 0;
          resolve(new Response(status === 204 ? null : text, { status, headers: names }));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    async call(method, path, body) {
      const headers: Record<string, string> = { authorization: 'Bearer any' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      const answer = await exchange(
        method,
        `${root}/v1.0${path}`,
        headers,
        body === undefined ? body : JSON.stringify(body),
      );
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as Json) };
    },
    fetch: (url, options) =>
      exchange(
        options?.method ?? 'GET',
        String(url),
        options?.headers as Record<string, string>,
        options?.body as string | undefined,
      ),
    close: () => agent.destroy(),
  };
}

/** An object as Graph answers it, and whether it is in the recycle bin. Groups have `members`. */
export interface RawObject {
  readonly type: string;
  readonly deleted: boolean;
  readonly values: JsonObject;
}

/** Everything that a tenant holds, by id. */
export type RawTenant = ReadonlyMap<string, RawObject>;

const USER =
  `id,displayName,userPrincipalName,accountEnabled,userType,givenName,surname,mail,mailNickname,otherMails,jobTitle,
department,companyName,officeLocation,employeeId,employeeType,employeeHireDate,employeeLeaveDateTime,employeeOrgData,
businessPhones,mobilePhone,faxNumber,streetAddress,postalCode,city,state,country,usageLocation,preferredLanguage,
preferredDataLocation,ageGroup,consentProvidedForMinor,passwordPolicies,proxyAddresses,onPremisesSyncEnabled`.replace(
    /\s/g,
    '',
  );
const CA = '/identity/conditionalAccess';
const BIN = '/directory/deletedItems/microsoft.graph';

const LISTS: readonly (readonly [type: string, deleted: boolean, path: string])[] = [
  ['user', false, `/users?$top=999&$select=${USER}`],
  ['user', true, `${BIN}.user?$top=999&$select=${USER}`],
  ['group', false, '/groups?$top=999'],
  ['group', true, `${BIN}.group?$top=999`],
  ['conditionalAccessPolicy', false, `${CA}/policies`],
  ['conditionalAccessPolicy', true, `${CA}/deletedItems/policies`],
  ['namedLocation', false, `${CA}/namedLocations`],
  ['namedLocation', true, `${CA}/deletedItems/namedLocations`],
];

/** Reads a whole tenant in as few requests as there can be. */
export async function readRaw(http: PlainHttp): Promise<RawTenant> {
  const tenant = new Map<string, RawObject>();
  const lists = await batch(
    http,
    LISTS.map(([, , path]) => path),
  );
  for (const [index, [type, deleted]] of LISTS.entries()) {
    for (const values of lists[index] ?? []) tenant.set(String(values.id), { type, deleted, values });
  }
  const groups = [...tenant].filter(([, object]) => object.type === 'group' && !object.deleted);
  const members = await batch(
    http,
    groups.map(([id]) => `/groups/${id}/members?$select=id&$top=999`),
  );
  for (const [index, [id, object]] of groups.entries()) {
    const ids = (members[index] ?? []).map((member) => String(member.id)).sort();
    tenant.set(id, { ...object, values: { ...object.values, members: ids } });
  }
  return tenant;
}

async function batch(http: PlainHttp, paths: readonly string[]): Promise<JsonObject[][]> {
  const found: JsonObject[][] = paths.map(() => []);
  for (let from = 0; from < paths.length; from += 20) {
    const requests = paths
      .slice(from, from + 20)
      .map((url, index) => ({ id: String(from + index), method: 'GET', url }));
    const { body } = await http.call('POST', '/$batch', { requests });
    for (const answer of isJsonObject(body) && isJsonArray(body.responses) ? body.responses : []) {
      if (
        !isJsonObject(answer) ||
        !isJsonObject(answer.body) ||
        !isJsonArray(answer.body.value) ||
        '@odata.nextLink' in answer.body
      )
        throw new Error(`not a whole list: ${JSON.stringify(answer)}`);
      found[Number(answer.id)] = answer.body.value.filter(isJsonObject);
    }
  }
  return found;
}
