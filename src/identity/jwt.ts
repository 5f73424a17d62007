/** What a token says about itself. Nothing is verified: that is for whom the token is shown to. */

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token; undefined where it is not a JSON Web Token that can be read. */
export function claimsOf(token: string): Claims | undefined {
  const [, payload] = token.split('.');
  if (payload === undefined || payload === '') return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** When a token ends, in milliseconds since 1970; undefined where it does not say. */
export function endOf(claims: Claims | undefined): number | undefined {
  return typeof claims?.exp === 'number' && Number.isFinite(claims.exp) ? claims.exp * 1000 : undefined;
}
