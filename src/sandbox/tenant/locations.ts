/** The named locations of the generated tenant. Addresses are from the ranges that are reserved for documentation. */

import type { Random } from './random.js';

/** One named location as the service stores it. */
export interface GeneratedLocation {
  readonly id: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The named locations, by what the policies use them for. */
export interface Locations {
  readonly headquarters: GeneratedLocation;
  readonly vpn: GeneratedLocation;
  readonly branches: GeneratedLocation;
  readonly venue: GeneratedLocation;
  readonly allowed: GeneratedLocation;
  readonly blocked: GeneratedLocation;
  /** In the recycle bin. */
  readonly oldDatacenter: GeneratedLocation;
}

/** Makes six active locations and a deleted one. */
export function createLocations(random: Random): Locations {
  const location = (displayName: string, properties: Record<string, unknown>): GeneratedLocation => {
    const id = random.guid();
    const created = random.instant(2019, 2025);
    const { '@odata.type': type, ...rest } = properties;
    return {
      id,
      object: { '@odata.type': type, id, createdDateTime: created, modifiedDateTime: created, displayName, ...rest },
    };
  };
  return {
    headquarters: location('Berlin HQ', addresses(true, ['198.51.100.0/25', '198.51.100.192/28', '2001:db8:100::/48'])),
    vpn: location('VPN egress', addresses(true, ['203.0.113.16/29', '2001:db8:ffff:10::/64'])),
    branches: location('Branch offices', addresses(false, ['192.0.2.0/26', '192.0.2.64/26', '203.0.113.128/25'])),
    venue: location('Conference venue (temporary)', addresses(false, ['192.0.2.240/28'])),
    allowed: location(
      'Countries where we work',
      countries(['BR', 'DE', 'ES', 'FR', 'GB', 'IN', 'JP', 'PL', 'SE', 'US']),
    ),
    blocked: location('Blocked countries and unknown regions', {
      ...countries(['AQ', 'BV', 'HM', 'TF']),
      includeUnknownCountriesAndRegions: true,
    }),
    oldDatacenter: location('Old datacenter', addresses(false, ['192.0.2.192/29'])),
  };
}

function addresses(isTrusted: boolean, ranges: readonly string[]): Record<string, unknown> {
  const ipRanges = ranges.map((cidrAddress) => ({
    '@odata.type': `#microsoft.graph.${cidrAddress.includes(':') ? 'iPv6CidrRange' : 'iPv4CidrRange'}`,
    cidrAddress,
  }));
  return { '@odata.type': '#microsoft.graph.ipNamedLocation', isTrusted, ipRanges };
}

function countries(countriesAndRegions: readonly string[]): Record<string, unknown> {
  return {
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    countriesAndRegions,
    includeUnknownCountriesAndRegions: false,
    countryLookupMethod: 'clientIpAddress',
  };
}
