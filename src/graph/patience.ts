/**
 * Patience with what was just brought back. A success means accepted, not readable everywhere: for a while Graph may say of
 * an object that was restored or created that it does not exist, now here and then there, and may refuse requests that
 * refer to it ("Eventual consistency in Microsoft Entra"; the same is advised for what was just created).
 */

import { isJsonObject } from '../model/json.js';
import type { GraphClient, GraphError, GraphRequest, Outcome } from './types.js';

/** Milliseconds between attempts; after the last one the refusal stands. */
export const REPLICATION_WAITS_MS: readonly number[] = [250, 1000, 2000, 4000, 8000, 16_000];

/** What Graph says, with 400, of a reference to an object that it does not know yet. */
const NOT_KNOWN_YET =
  /does not exist or one of its queried reference-property objects|One or more property values specified are invalid/;

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * A client that remembers what its own requests restored or created, and repeats what is refused as if that did not exist.
 * Requests about anything else are not repeated: there a 404 is an answer. `sleep`: waits so many milliseconds.
 */
export function patient(client: GraphClient, sleep: (milliseconds: number) => Promise<void>): GraphClient {
  const recent = new Set<string>();
  const note = (request: GraphRequest, outcome: Outcome) => {
    if (!outcome.ok || request.method !== 'POST') return;
    const { body } = outcome.answer;
    if (request.path.endsWith('/restore')) for (const id of idsIn(request.path)) recent.add(id);
    else if (outcome.answer.status === 201 && isJsonObject(body)) recent.add(String(body.id).toLowerCase());
  };
  const tooEarly = (request: GraphRequest, outcome: Outcome): boolean =>
    !outcome.ok && recent.size > 0 && mayBeLag(outcome.error) && isAbout(request, recent);

  const sendAll = async (requests: readonly GraphRequest[]): Promise<readonly Outcome[]> => {
    const outcomes = [...(await client.sendAll(requests))];
    for (const [index, outcome] of outcomes.entries()) note(requests[index] as GraphRequest, outcome);
    const early = () =>
      outcomes.flatMap((each, index) => (tooEarly(requests[index] as GraphRequest, each) ? index : []));
    for (const wait of REPLICATION_WAITS_MS) {
      const again = early();
      if (again.length === 0) break;
      await sleep(wait);
      const answers = await client.sendAll(again.map((index) => requests[index] as GraphRequest));
      for (const [at, index] of again.entries()) outcomes[index] = answers[at] as Outcome;
    }
    return outcomes;
  };
  return {
    ...client,
    async send(request) {
      let outcome = await client.send(request);
      note(request, outcome);
      for (const wait of REPLICATION_WAITS_MS) {
        if (!tooEarly(request, outcome)) break;
        await sleep(wait);
        outcome = await client.send(request);
      }
      return outcome;
    },
    sendAll,
  };
}

function mayBeLag({ status, message }: GraphError): boolean {
  return status === 404 || (status === 400 && NOT_KNOWN_YET.test(message));
}

/**
 * Whether a request names one of these objects by its id; what a recycle bin no longer has is not on its way, and what is
 * looked up by another key (`applications(appId='…')`) may well not exist.
 */
function isAbout({ path, body }: GraphRequest, ids: ReadonlySet<string>): boolean {
  if (path.includes('/deletedItems/') || /\(\w+='/.test(path)) return false;
  return idsIn(`${path} ${body === undefined ? '' : JSON.stringify(body)}`).some((id) => ids.has(id));
}

function idsIn(text: string): readonly string[] {
  return text.toLowerCase().match(GUID) ?? [];
}
