/** A Graph client in memory: groups with members, objects by path, and refusals on demand. */

import type { Journal } from '../../src/apply/journal.js';
import { type GraphClient, GraphFailure, type GraphRequest, type Outcome } from '../../src/graph/types.js';
import { isJsonArray, isJsonObject, type Json } from '../../src/model/json.js';

export const FAKE_ROOT = 'https://graph.example';

export const ok = (body?: Json, status = 200): Outcome => ({ ok: true, answer: { status, body } });
export const refusal = (status: number, code = 'Refused', message = ''): Outcome => ({
  ok: false,
  error: { status, code, message },
});

export interface FakeClient extends GraphClient {
  /** Everything that was sent, in order. */
  readonly sent: GraphRequest[];
}

/** A client whose every request is answered by a function. */
export function fakeClient(answer: (request: GraphRequest) => Outcome): FakeClient {
  const sent: GraphRequest[] = [];
  const ask = (request: GraphRequest): Outcome => {
    sent.push(request);
    return answer(request);
  };
  return {
    root: FAKE_ROOT,
    sent,
    send: async (request) => ask(request),
    sendAll: async (requests) => requests.map(ask),
    async *pages(request) {
      const outcome = ask(request);
      if (!outcome.ok) throw new GraphFailure(outcome.error);
      const { body } = outcome.answer;
      yield isJsonObject(body) && isJsonArray(body.value) ? body.value : [];
    },
  };
}

/** Groups by id with their members; adding is all or nothing, removing what is not there is refused, as Graph does. */
export function groupsClient(
  groups: Map<string, Set<string>>,
  bad: ReadonlySet<string> = new Set(),
  intercept: (request: GraphRequest) => Outcome | undefined = () => undefined,
): FakeClient {
  return fakeClient((request) => {
    const early = intercept(request);
    if (early !== undefined) return early;
    const [, id = '', , target = ''] = /^\/groups\/([^/?]+)(?:\/(members)\/?([^/?]*))?/.exec(request.path) ?? [];
    const members = groups.get(id);
    if (members === undefined) return refusal(404, 'Request_ResourceNotFound');
    if (request.method === 'GET') return ok({ value: [...members].map((member) => ({ id: member })) });
    if (request.method === 'DELETE') {
      if (!members.delete(target)) return refusal(400, 'Request_BadRequest', 'do not exist');
      return ok(undefined, 204);
    }
    const references = isJsonObject(request.body) ? request.body['members@odata.bind'] : undefined;
    const added = (isJsonArray(references) ? references : []).map(
      (reference) => String(reference).split('/').at(-1) ?? '',
    );
    if (added.some((member) => bad.has(member) || members.has(member)))
      return refusal(400, 'Request_BadRequest', 'bad');
    for (const member of added) members.add(member);
    return ok(undefined, 204);
  });
}

/** A journal that is kept nowhere. */
export function nullJournal(): Journal {
  let requests = 0;
  return {
    file: '',
    intend: async (intents) => intents.map(() => ++requests),
    record: async () => undefined,
    remark: async () => undefined,
    close: async () => undefined,
  };
}
