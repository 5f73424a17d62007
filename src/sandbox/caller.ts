/** Who sends a request. */
import { createHash } from 'node:crypto';

const known = new Map<string, string>();

/**
 * The application behind a token, as a GUID that does not give the token away. Requests with the same token are of the
 * same application.
 */
export function appOf(token: string): string {
  const found = known.get(token);
  if (found !== undefined) return found;
  const hex = createHash('sha256').update(token).digest('hex');
  const app = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  known.set(token, app);
  return app;
}
