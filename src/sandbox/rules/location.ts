/**
 * Rules of named locations. Source: "ipNamedLocation resource type", "countryNamedLocation resource type", "Create
 * namedLocation", "Update ipNamedLocation", "Update countryNamedLocation", "Delete ipNamedLocation".
 */
import { isIP } from 'node:net';
import { malformed } from '../errors.js';
import { requiredOnCreate } from '../quirks/writing.js';
import { resources, typeName } from '../resources.js';
import type { Store, Stored } from '../store.js';
import { type Body, checkProperties, checkRequired, isObject } from '../validate.js';
import { referencesLocation } from './policy.js';

const resource = resources.namedLocations;
const types = ['ipNamedLocation', 'countryNamedLocation'];

/** The properties of a new location. */
export function newLocation(body: Body, id: string, now: string): Record<string, unknown> {
  const type = namedType(body);
  checkRequired(resource, requiredOnCreate[type] ?? [], body);
  const values = checkProperties(resource, type, body, 'create');
  checkLocation(values);
  const defaults =
    type === 'ipNamedLocation'
      ? { isTrusted: false }
      : { countryLookupMethod: 'clientIpAddress', includeUnknownCountriesAndRegions: false };
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    ...defaults,
    ...values,
    id,
    createdDateTime: now,
    modifiedDateTime: now,
  };
}

/** The properties a PATCH sets. The body must name the concrete type. */
export function locationUpdate(stored: Stored, body: Body, now: string): Record<string, unknown> {
  const type = namedType(body);
  if (type !== typeName(String(stored.object['@odata.type'])))
    throw malformed('The type of a named location cannot be changed.');
  const values = checkProperties(resource, type, body, 'update');
  checkLocation(values);
  return { ...values, modifiedDateTime: now };
}

/** Throws 400 when the location is trusted, or a live policy names it. The words are not published. */
export function checkLocationDeletable(store: Store, stored: Stored): void {
  if (stored.object.isTrusted === true)
    throw malformed('A trusted named location cannot be deleted. Set isTrusted to false first.');
  const user = store.live.policies.find((id) => referencesLocation(store.objects.get(id)?.object ?? {}, stored.id));
  if (user !== undefined)
    throw malformed(
      `The named location is referenced by the Conditional Access policy '${user}' and cannot be deleted.`,
    );
}

function namedType(body: Body): string {
  const named = body['@odata.type'];
  if (typeof named !== 'string')
    throw malformed(
      "A named location must carry '@odata.type': #microsoft.graph.ipNamedLocation or #microsoft.graph.countryNamedLocation.",
    );
  const type = typeName(named);
  if (!types.includes(type)) throw malformed(`The type '${named}' is not a named location that can be written.`);
  return type;
}

function checkLocation(values: Body): void {
  if (typeof values.displayName === 'string' && values.displayName.trim() === '')
    throw malformed("The value of 'displayName' must not be empty.");
  if (Array.isArray(values.ipRanges)) {
    if (values.ipRanges.length === 0) throw malformed("The value of 'ipRanges' must not be empty.");
    values.ipRanges.forEach(checkRange);
  }
  if (!Array.isArray(values.countriesAndRegions)) return;
  if (values.countriesAndRegions.length === 0) throw malformed("The value of 'countriesAndRegions' must not be empty.");
  for (const code of values.countriesAndRegions) {
    if (!/^[A-Z]{2}$/.test(String(code)))
      throw malformed(`'${String(code)}' is not a two-letter country or region code (ISO 3166-1).`);
  }
}

function checkRange(range: unknown): void {
  if (!isObject(range)) return;
  const version = String(range['@odata.type']).includes('iPv6') ? 6 : 4;
  const bounds =
    'cidrAddress' in range
      ? [String(range.cidrAddress).split('/')[0] ?? '']
      : [String(range.lowerAddress), String(range.upperAddress)];
  const prefix = 'cidrAddress' in range ? /^[^/]+\/(\d{1,3})$/.exec(String(range.cidrAddress))?.[1] : '0';
  const fits =
    bounds.every((address) => isIP(address) === version) &&
    prefix !== undefined &&
    Number(prefix) <= (version === 4 ? 32 : 128);
  if (!fits)
    throw malformed('An IP range is not valid: give an address range in CIDR notation, of the version its type names.');
}
