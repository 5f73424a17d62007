/** What cannot be deleted as it is, by collection. */
import { checkPlainDeletable } from '../plain.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { checkLocationDeletable } from './location.js';
import { checkMethodDeletable } from './methods.js';
import { checkRoleDeletable } from './role.js';
import { checkStrengthDeletable } from './strength.js';

const checks: Readonly<Partial<Record<SeedCollection, (store: Store, stored: Stored) => void>>> = {
  namedLocations: checkLocationDeletable,
  authenticationStrengthPolicies: checkStrengthDeletable,
  authenticationMethodConfigurations: checkMethodDeletable,
  roleDefinitions: checkRoleDeletable,
};

/** Throws 400 for what is in use or protected, and for what belongs to every tenant. */
export function checkDeletable(store: Store, stored: Stored): void {
  checks[stored.collection]?.(store, stored);
  checkPlainDeletable(stored);
}
