/** The document itself. */

import { escapeJson } from '../model/hidden.js';

/** JSON with two spaces and a final line feed; characters that do not show are `\uXXXX`. */
export function renderJson(document: unknown): string {
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}
