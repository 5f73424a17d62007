/** Rules of the organization. Source: "Update organization": five properties can be written, the others are read-only. */
import type { Resource } from '../resources.js';
import type { Stored } from '../store.js';
import { type Body, checkProperties } from '../validate.js';

/** The properties a PATCH sets. */
export function organizationUpdate(resource: Resource, _: Stored, body: Body): Record<string, unknown> {
  return checkProperties(resource, 'organization', body, 'update');
}
