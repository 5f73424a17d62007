/** Chance that can be repeated: a number that depends on nothing but a seed, a name and a count. */

/** A number from 0 up to 1: the `count`-th draw of the named lot. Equal arguments give equal numbers. */
export function chance(seed: number, name: string, count: number): number {
  let state = (seed | 0) ^ 0x9e3779b9;
  for (let at = 0; at < name.length; at++) state = mixed(state ^ name.charCodeAt(at));
  return mixed(mixed(state) ^ count) / 2 ** 32;
}

/** Spreads the bits of a number over 32 bits, unsigned (the finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
