/** Tokens for a run of hours: asked for at each request, renewed before they end, and once more when Graph refuses one. */

/** Graph refused a token: the one it refused, and what it wants a new one to satisfy (a decoded claims challenge). */
export interface Again {
  readonly refused: string;
  readonly claims?: string;
}

export interface IssuedToken {
  readonly token: string;
  /** Milliseconds from now to its end. */
  readonly life: number;
  /** Milliseconds from now after which the issuer recommends to ask again, before its end. */
  readonly refreshAfter?: number | undefined;
}

/** Asks the issuer for a new token, never a cached one. */
export type Issue = (claims: string | undefined) => Promise<IssuedToken>;

/** A token is renewed so long before its end. */
const EARLY_MS = 5 * 60_000;
/** After a renewal that failed, the old token is good for so long before the next attempt. */
const PATIENCE_MS = 30_000;

/**
 * Tokens by `issue`. All who ask at the same time wait for one renewal. A renewal that fails is no failure while the old
 * token still holds: it is tried again later.
 */
export function renewing(issue: Issue, clock: () => Date): (again?: Again) => Promise<string> {
  let held: { readonly token: string; readonly renewal: number; readonly end: number } | undefined;
  let pending: Promise<string> | undefined;
  let notBefore = 0;
  const renew = (claims?: string): Promise<string> => {
    pending ??= issue(claims)
      .then((issued) => {
        const now = clock().getTime();
        held = { token: issued.token, renewal: now + renewalOf(issued), end: now + issued.life };
        return issued.token;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  return async (again) => {
    if (again !== undefined) {
      // Somebody else may have renewed it meanwhile.
      if (held !== undefined && held.token !== again.refused) return held.token;
      held = undefined;
      return renew(again.claims);
    }
    const now = clock().getTime();
    const old = held;
    if (old !== undefined && now < Math.max(old.renewal, notBefore) && now < old.end) return old.token;
    try {
      return await renew();
    } catch (cause) {
      if (old === undefined || held !== old || now >= old.end) throw cause;
      notBefore = now + PATIENCE_MS;
      return old.token;
    }
  };
}

/** Of a short life, at least half is used. */
function renewalOf({ life, refreshAfter }: IssuedToken): number {
  const latest = Math.max(life - EARLY_MS, life / 2);
  return Math.min(latest, refreshAfter ?? latest);
}
