/** What a token lets do, as far as it says it: claims `roles` and `scp` of "Access token claims reference". */

/**
 * The permissions in a token; undefined where it does not name any that can be read: it may be nobody's but Graph's to
 * read. Nothing is verified: that is for whom the token is shown to.
 */
export function permissionsIn(token: string): ReadonlySet<string> | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    const { roles, scp } = claims as { readonly roles?: unknown; readonly scp?: unknown };
    if (Array.isArray(roles)) return new Set(roles.map(String));
    return typeof scp === 'string' ? new Set(scp.split(' ')) : undefined;
  } catch {
    return undefined;
  }
}

/** Of these permissions, those that are not among the granted ones; a permission to write reads, too. */
export function lacking(granted: ReadonlySet<string>, needed: readonly string[]): readonly string[] {
  return needed.filter((name) => !granted.has(name) && !granted.has(name.replace('.Read.', '.ReadWrite.')));
}
