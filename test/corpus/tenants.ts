/** Objects of the corpus as requests, and tenants that can hold them. */

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/model/json.js';
import type { SeedObject, TenantSeed } from '../../src/sandbox/seed.js';
import * as directory from './directory.js';
import * as policies from './policies.js';
import { type CorpusType, REASONS, type Reason, TYPES } from './reasons.js';
import type { Found, LeftOut } from './sorting.js';
import { text } from './values.js';

/** An object that can be made: the body of its request, with the ids of the corpus. */
export interface Shaped extends Found {
  readonly body: JsonObject;
  readonly claims: readonly string[];
}

const SHAPES: Readonly<Record<CorpusType, (source: JsonObject) => JsonObject | Reason>> = {
  user: directory.userBody,
  group: directory.groupBody,
  namedLocation: policies.locationBody,
  authenticationStrengthPolicy: policies.strengthBody,
  application: directory.applicationBody,
  servicePrincipal: directory.principalBody,
  roleDefinition: directory.roleBody,
  oauth2PermissionGrant: directory.grantBody,
  appRoleAssignment: directory.assignmentBody,
  roleAssignment: directory.roleAssignmentBody,
  authorizationPolicy: policies.authorizationBody,
  organization: policies.organizationBody,
  authenticationMethodsPolicy: policies.methodsPolicyBody,
  authenticationMethodConfiguration: policies.methodBody,
  conditionalAccessPolicy: policies.policyBody,
};

/** The object as a request, or why there is none. */
export function shaped(found: Found): Shaped | LeftOut {
  const body = SHAPES[found.type](found.source);
  if (typeof body === 'string') return { type: found.type, file: found.file, reason: body };
  return { ...found, body, claims: directory.claimsOf(found.type, body, found.source) };
}

/** The objects of one tenant, in the order in which they can be made. */
export type Population = readonly Shaped[];

/** Puts every object into the first tenant in which nothing has what only one object can have. */
export function populations(all: readonly Shaped[]): { readonly tenants: Population[]; readonly repeated: LeftOut[] } {
  const tenants: { readonly objects: Shaped[]; readonly claimed: Map<string, string> }[] = [];
  const repeated: LeftOut[] = [];
  for (const each of all) {
    const words = JSON.stringify([each.type, each.body]);
    const holders = tenants.filter(({ claimed }) => each.claims.some((claim) => claimed.has(claim)));
    if (holders.some(({ claimed }) => each.claims.every((claim) => claimed.get(claim) === words))) {
      repeated.push({ type: each.type, file: each.file, reason: 'repeated' });
      continue;
    }
    let tenant = tenants.find((candidate) => !holders.includes(candidate));
    if (tenant === undefined) {
      tenant = { objects: [], claimed: new Map() };
      tenants.push(tenant);
    }
    tenant.objects.push(each);
    for (const claim of each.claims) tenant.claimed.set(claim, words);
  }
  const rank = ({ type }: Shaped) => TYPES.indexOf(type);
  return { tenants: tenants.map(({ objects }) => objects.toSorted((a, b) => rank(a) - rank(b))), repeated };
}

/** The tenant before the first request: its domains, and the applications of other tenants that it has known. */
export function seedOf(population: Population, tenantId: string): TenantSeed {
  const names = population.flatMap(({ type, body }) => (type === 'user' ? [text(body.userPrincipalName)] : []));
  const domains = names.map((name) => name.slice(name.indexOf('@') + 1).toLowerCase());
  const known = population.filter(({ type }) => type === 'servicePrincipal');
  return {
    tenantId,
    displayName: 'Corpus',
    verifiedDomains: [...new Set(['corpus.example', ...domains])],
    objects: [...known.map(({ source }) => principal(source)), METHODS_POLICY],
  };
}

function principal(source: JsonObject): SeedObject {
  const id = randomUUID();
  const object = { ...directory.knownPrincipal(source), id, appOwnerOrganizationId: randomUUID() };
  return { collection: 'servicePrincipals', object };
}

/** The policy of a tenant that has not begun to migrate: Graph goes forward only. */
const METHODS_POLICY: SeedObject = {
  collection: 'singletons',
  object: {
    id: 'authenticationMethodsPolicy',
    displayName: 'Authentication Methods Policy',
    description: 'Which methods there are',
    policyMigrationState: 'preMigration',
    policyVersion: '1.5',
    registrationEnforcement: {
      authenticationMethodsRegistrationCampaign: {
        state: 'default',
        snoozeDurationInDays: 1,
        excludeTargets: [],
        includeTargets: [],
      },
    },
  },
};

/** Lines that say what went through and what did not, type by type. */
export function countsOf(
  found: readonly (Found | LeftOut)[],
  through: readonly Shaped[],
  left: readonly LeftOut[],
): string {
  const types = [...TYPES, ...new Set(found.map(({ type }) => type).filter((type) => !isCorpusType(type)))];
  const lines = types.map((type) => {
    const of = found.filter((each) => each.type === type);
    const out = left.filter((each) => each.type === type);
    const files = new Set(of.map(({ file }) => file)).size;
    const reasons = (Object.keys(REASONS) as Reason[]).flatMap((reason) => {
      const count = out.filter((each) => each.reason === reason).length;
      return count > 0 ? [`${count} ${reason}`] : [];
    });
    const went = through.filter((each) => each.type === type).length;
    return [type, files, of.length, went, out.length, reasons.join(', ')] as const;
  });
  const head = ['type', 'files', 'objects', 'went through', 'left out', 'why'] as const;
  const rows = [head, ...lines].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const isCorpusType = (type: string): type is CorpusType => (TYPES as readonly string[]).includes(type);
