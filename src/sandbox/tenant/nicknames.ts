/** Mail nicknames, which no two users or groups of a tenant share: user principal names and addresses are made of them. */
export interface Nicknames {
  /** Takes the base, or the base with the first free number, followed by the suffix. */
  claim(base: string, suffix?: string): string;
}

/** Starts with every nickname free. */
export function createNicknames(): Nicknames {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  return {
    claim(base, suffix = '') {
      const wanted = `${base}${suffix}`.toLowerCase();
      let count = counts.get(wanted) ?? 1;
      let nickname = `${base}${suffix}`;
      while (taken.has(nickname.toLowerCase())) {
        count += 1;
        nickname = `${base}${count}${suffix}`;
      }
      counts.set(wanted, count);
      taken.add(nickname.toLowerCase());
      return nickname;
    },
  };
}
