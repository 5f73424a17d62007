/**
 * Tokens of the sandbox: they have the form of an access token of Microsoft Entra ID, and nobody has signed them. They are
 * good for a sandbox alone, so they are no secret.
 */
import { guidOf } from './guid.js';

/** Who calls, as a sandbox token says it. */
export interface Caller {
  readonly tenantId: string;
  readonly appId: string;
  /** Id of the service principal. */
  readonly objectId: string;
  /** Application permissions. */
  readonly permissions: ReadonlySet<string>;
  /** Template ids of the directory roles. */
  readonly roles: ReadonlySet<string>;
  /** When the token ends (milliseconds since 1970). */
  readonly expires: number;
}

export interface TokenContent {
  readonly tenantId: string;
  readonly appId: string;
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly now: Date;
  readonly lifetimeSeconds: number;
}

/** Who gives these tokens out, so that no other token is taken for one. */
const issuer = 'knowngood-sandbox';

/** The text of a token. Claims: "Access token claims reference" (idtyp, roles, wids, oid, tid, appid). */
export function writeToken({ tenantId, appId, permissions, roles, now, lifetimeSeconds }: TokenContent): string {
  const issued = Math.floor(now.getTime() / 1000);
  const objectId = guidOf(`${tenantId} ${appId}`);
  const claims = {
    aud: 'https://graph.microsoft.com',
    iss: issuer,
    iat: issued,
    nbf: issued,
    exp: issued + lifetimeSeconds,
    appid: appId,
    appidacr: '1',
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    ver: '1.0',
    roles: [...new Set(permissions)].sort(),
    wids: [...roles],
  };
  return [{ alg: 'none', typ: 'JWT' }, claims].map(encode).join('.').concat('.sandbox');
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part), 'utf8').toString('base64url');

const known = new Map<string, Caller | undefined>();

/** Reads a token; undefined for every text that is no token of a sandbox. */
export function readCaller(token: string): Caller | undefined {
  if (!known.has(token)) {
    if (known.size > 100) known.clear();
    known.set(token, parsed(token));
  }
  return known.get(token);
}

function parsed(token: string): Caller | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature !== 'sandbox') return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (claims.iss !== issuer) return undefined;
    return {
      tenantId: String(claims.tid),
      appId: String(claims.appid),
      objectId: String(claims.oid),
      permissions: new Set(texts(claims.roles)),
      roles: new Set(texts(claims.wids)),
      expires: Number(claims.exp) * 1000,
    };
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
