/**
 * Links to next pages that do not hold for ever: they grow old, and those that a retry gave lead nowhere. What a link
 * needs to be judged by is written behind its token and taken off again before anybody reads it.
 * Source: "Paging Microsoft Graph data in your app" (avoiding DirectoryPageTokenNotFoundException errors).
 */
import type { Behaviour } from './behaviour.js';
import { GraphError } from './errors.js';
import { pageTokenExpired, pageTokenLost } from './quirks/failures.js';
import type { IncomingRequest, OutgoingAnswer } from './service.js';
import { isObject } from './validate.js';

export interface PageTokens {
  /** The request as the rest of the sandbox knows it. Throws 400 when its link does not hold any more. */
  opened(incoming: IncomingRequest): IncomingRequest;
  /** The answer with links that can be judged later. */
  sealed(incoming: IncomingRequest, answer: OutgoingAnswer): OutgoingAnswer;
  /** Learns what the client got to hear: an answer to the same request after one that failed is that of a retry. */
  heard(incoming: IncomingRequest, answer: OutgoingAnswer): void;
}

const skipToken = /([?&](?:\$|%24)skiptoken=)([^&]*)~(\w+)~(retried)?/i;

/** `milliseconds` is the clock of the lifetime. Without the switches, links stay as they are. */
export function createPageTokens(
  { strictPageTokens, pageTokenSeconds }: Pick<Behaviour, 'strictPageTokens' | 'pageTokenSeconds'>,
  milliseconds: () => number,
): PageTokens {
  if (!strictPageTokens && pageTokenSeconds === null)
    return { opened: (incoming) => incoming, sealed: (_, answer) => answer, heard: () => undefined };
  const failed = new Set<string>();
  const keyOf = ({ url, token = '' }: IncomingRequest): string => `${url} ${token}`;
  return {
    opened(incoming) {
      const [, name, token, issued, retried] = skipToken.exec(incoming.url) ?? [];
      if (issued === undefined) return incoming;
      if (retried !== undefined) throw new GraphError(400, pageTokenLost.code, pageTokenLost.message);
      const age = (milliseconds() - Number.parseInt(issued, 36)) / 1000;
      if (pageTokenSeconds !== null && age > pageTokenSeconds)
        throw new GraphError(400, pageTokenExpired.code, pageTokenExpired.message);
      return { ...incoming, url: incoming.url.replace(skipToken, `${name}${token}`) };
    },
    sealed(incoming, answer) {
      const link = isObject(answer.body) ? answer.body['@odata.nextLink'] : undefined;
      if (typeof link !== 'string') return answer;
      const issued = Math.floor(milliseconds()).toString(36);
      const mark = `~${issued}~${strictPageTokens && failed.has(keyOf(incoming)) ? 'retried' : ''}`;
      const marked = link.replace(/[?&](?:\$|%24)skiptoken=[^&]*/i, (found) => found + mark);
      return { ...answer, body: { ...(answer.body as object), '@odata.nextLink': marked } };
    },
    heard(incoming, { status, wire }) {
      if (incoming.method !== 'GET') return;
      if (status >= 400 || wire?.cut !== undefined) failed.add(keyOf(incoming));
      else failed.delete(keyOf(incoming));
    },
  };
}
