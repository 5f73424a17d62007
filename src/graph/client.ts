/** The client: single requests, `$batch` envelopes and pages, which share one budget. */

import { sendAll } from './batch.js';
import { createHttp, type HttpOptions } from './http.js';
import { pagesOf } from './paging.js';
import type { GraphClient } from './types.js';

/** Opens a client on one Graph root. Nothing is sent before the first request. */
export function createClient(options: HttpOptions): GraphClient {
  const http = createHttp(options);
  return {
    root: options.root,
    send: http.send,
    sendAll: (requests) => sendAll(http, requests),
    pages: (request, anew) => pagesOf(options.root, http.send, request, anew),
    writeBudget: () => http.governor.writes(),
  };
}
