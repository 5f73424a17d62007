/**
 * Strategy `referenceById`: Graph answers with the whole referenced object where only its id is the setting, and accepts
 * only the id. `grantControls.authenticationStrength` is expanded inline in every answer (conditionalAccessGrantControls,
 * a contained navigation property). Members that the schema does not declare are part of the other object, not of this one.
 */

export const REFERENCE_BY_ID = 'referenceById';

export function readsById(shape: { readonly strategy?: string }): boolean {
  return shape.strategy === REFERENCE_BY_ID;
}
