/**
 * The generator's own randomness: a small seeded generator (sfc32), so that a tenant is the same on every machine.
 */

/** A deterministic source of choices. */
export interface Random {
  /** An unsigned 32-bit integer. */
  bits(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A lower-case GUID of version 4. */
  guid(): string;
  /** An instant between two years, both included, as Graph writes it. */
  instant(fromYear: number, toYear: number): string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Makes the source of choices for a seed; the same seed gives the same choices. */
export function createRandom(seed: string): Random {
  const bits = sfc32(...seedWords(seed));
  const int = (min: number, max: number): number => min + Math.floor((bits() / 2 ** 32) * (max - min + 1));
  return {
    bits,
    int,
    chance: (probability) => bits() / 2 ** 32 < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('there is nothing to choose from');
      return items[int(0, items.length - 1)] as T;
    },
    guid: () => formatGuid(bits(), bits(), bits(), bits()),
    instant(fromYear, toYear) {
      const from = Date.UTC(fromYear, 0, 1) / 1000;
      const to = Date.UTC(toYear + 1, 0, 1) / 1000 - 1;
      return formatInstant(int(from, to) * 1000);
    },
  };
}

/** An instant in UTC without a fraction of a second, as the directory writes it. */
export function formatInstant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function formatGuid(a: number, b: number, c: number, d: number): string {
  const version = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  const h = [a, version, variant, d].map(hex32) as [string, string, string, string];
  return `${h[0]}-${h[1].slice(0, 4)}-${h[1].slice(4)}-${h[2].slice(0, 4)}-${h[2].slice(4)}${h[3]}`;
}

function hex32(word: number): string {
  return [24, 16, 8, 0].map((shift) => HEX[(word >>> shift) & 255]).join('');
}

/** Four well mixed words from a text (FNV-1a with a final mix, once per word). */
function seedWords(seed: string): [number, number, number, number] {
  const word = (salt: number): number => {
    let hash = 0x811c9dc5 ^ salt;
    for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  };
  return [word(1), word(2), word(3), word(4)];
}

function sfc32(seedA: number, seedB: number, seedC: number, seedD: number): () => number {
  let [a, b, c, d] = [seedA, seedB, seedC, seedD];
  const bits = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  return bits;
}
