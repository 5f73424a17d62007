/**
 * Property tests use one seed, so that the same code has the same result; PROPERTY_SEED=random looks for more, and a number
 * repeats a run.
 */

import fc from 'fast-check';

const { PROPERTY_SEED } = process.env;
if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED ?? 20261120) });
