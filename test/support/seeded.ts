/** Numbers that look random and are the same for the same seed. */

/** Numbers from 0 up to 1 (Lehmer's generator). `seed`: a whole number from 1. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
