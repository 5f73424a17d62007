/** A plain client for tests: HTTP and nothing of the product. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';

export interface PlainAnswer {
  readonly status: number;
  readonly body: Json;
}

export interface PlainHttp {
  /** Paths are those of version 1.0, unless they begin with `/beta/`. */
  call(method: string, path: string, body?: Json): Promise<PlainAnswer>;
  /** Many reads in as few requests as there can be: the bodies, in the order of the paths. */
  readAll(version: 'v1.0' | 'beta', paths: readonly string[]): Promise<JsonObject[]>;
}

/** Everything that old clients do not know is asked for, too. */
const PREFER = { prefer: 'include-unknown-enum-members' };

export function plainHttp(root: string, fetch: typeof globalThis.fetch): PlainHttp {
  const call: PlainHttp['call'] = async (method, path, body) => {
    const headers = {
      authorization: 'Bearer any',
      ...PREFER,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const url = root + (path.startsWith('/beta/') ? path : `/v1.0${path}`);
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as Json) };
  };
  return {
    call,
    async readAll(version, paths) {
      const bodies: JsonObject[] = [];
      for (let from = 0; from < paths.length; from += 20) {
        const requests = paths
          .slice(from, from + 20)
          .map((url, index) => ({ id: String(from + index), method: 'GET', url, headers: PREFER }));
        const { body } = await call('POST', version === 'beta' ? '/beta/$batch' : '/$batch', { requests });
        for (const answer of isJsonObject(body) && isJsonArray(body.responses) ? body.responses : []) {
          if (!isJsonObject(answer) || !isJsonObject(answer.body) || answer.status !== 200)
            throw new Error(
              `not read: ${paths[Number(isJsonObject(answer) ? answer.id : -1)]} ${JSON.stringify(answer)}`,
            );
          bodies[Number(answer.id)] = answer.body;
        }
      }
      return bodies;
    },
  };
}
