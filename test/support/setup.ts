/**
 * Property tests use one seed, so that the same code has the same result; PROPERTY_SEED=random looks for more, and a number
 * repeats a run. What the product's client asks is recorded, and judged at the end of the run.
 */

import fc from 'fast-check';
import { expect } from 'vitest';
import { recordFor } from '../metadata/recorder.mjs';

const { PROPERTY_SEED } = process.env;
if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED ?? 20261120) });

recordFor((expect.getState().testPath ?? '').replace(/^.*[\\/]test[\\/]/, ''));
