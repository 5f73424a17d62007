/**
 * What a tenant has one of. Source: "Get authorizationPolicy", "Update authorizationPolicy", "Get
 * authenticationMethodsPolicy", "Update authenticationMethodsPolicy", "List organizations", "Get organization", "Update
 * organization".
 */
import { notFound } from '../errors.js';
import { checkOptions, readExpand } from '../paging.js';
import { parseSelect } from '../projection.js';
import { type GraphAnswer, type Handler, type HandlerContext, versionRoot } from '../request.js';
import { type Resource, resources } from '../resources.js';
import { authorizationUpdate } from '../rules/authorization.js';
import { methodsPolicyUpdate } from '../rules/methods.js';
import { organizationUpdate } from '../rules/organization.js';
import type { Store, Stored } from '../store.js';
import { graphTime } from '../time.js';
import { type Body, objectBody } from '../validate.js';
import { contextOf } from './contained.js';
import { inlineConfigurations } from './methods.js';
import { entity, selection, viewOf } from './read.js';

interface Singleton {
  /** Type, name and context; the directory answers for its own objects. */
  readonly resource: Resource;
  find(store: Store, id: string | undefined): Stored;
  update(resource: Resource, stored: Stored, body: Body, store: Store, now: string): Record<string, unknown>;
}

const common = resources.singletons;

export const authorizationPolicy: Singleton = {
  resource: {
    ...common,
    type: 'authorizationPolicy',
    label: 'AuthorizationPolicy',
    context: 'policies/authorizationPolicy',
    directory: true,
  },
  find: (store) => only(store, 'authorizationpolicy'),
  update: authorizationUpdate,
};

export const methodsPolicy: Singleton = {
  resource: {
    ...common,
    type: 'authenticationMethodsPolicy',
    label: 'AuthenticationMethodsPolicy',
    context: 'authenticationMethodsPolicy',
  },
  find: (store) => only(store, 'authenticationmethodspolicy'),
  update: methodsPolicyUpdate,
};

export const organization: Singleton = {
  resource: { ...common, type: 'organization', label: 'Organization', context: 'organization', directory: true },
  find(store, id) {
    if (id !== undefined && id.toLowerCase() !== store.tenantId) throw notFound(id);
    const stored = only(store, store.tenantId);
    return { ...stored, object: { ...aboutTenant(store), ...stored.object } };
  },
  update: organizationUpdate,
};

function only(store: Store, key: string): Stored {
  const stored = store.objects.get(key);
  if (!stored) throw notFound(key);
  return stored;
}

/** What the tenant itself says about the organization. */
function aboutTenant(store: Store): Record<string, unknown> {
  return {
    displayName: store.displayName,
    tenantType: 'AAD',
    mobileDeviceManagementAuthority: 'unknown',
    verifiedDomains: store.verifiedDomains.map((name, at) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: at === 0,
      isInitial: at === 0,
      name,
      type: 'Managed',
    })),
  };
}

/** `GET` of the one object: 200. */
export function getSingleton(singleton: Singleton): Handler {
  return (context) => {
    const stored = singleton.find(context.store, context.parameters.id);
    const { select, view } = read(context, singleton, stored);
    const { resource } = singleton;
    const suffix = singleton === methodsPolicy ? '' : '/$entity';
    return { status: 200, body: entity(context.request, `${resource.context}${selection(select)}${suffix}`, view) };
  };
}

/** `GET /organization`: a list of one. */
export function listOrganization(context: HandlerContext): GraphAnswer {
  const { select, view } = read(context, organization, organization.find(context.store, undefined));
  const root = versionRoot(context.request);
  return {
    status: 200,
    body: { '@odata.context': `${root}/$metadata#organization${selection(select)}`, value: [view] },
  };
}

function read(context: HandlerContext, singleton: Singleton, stored: Stored) {
  const { request } = context;
  const { type } = singleton.resource;
  checkOptions(request, type);
  const select = parseSelect(request.query.get('$select'), [type], type);
  const view = viewOf(context, select)(stored);
  if (singleton !== methodsPolicy || (select && readExpand(request, type).length === 0)) return { select, view };
  const name = 'authenticationMethodConfigurations';
  const [annotation, path] = contextOf(request, name, `policies/authenticationMethodsPolicy/${name}`);
  return { select, view: { ...view, [annotation]: path, [name]: inlineConfigurations(context) } };
}

/** `PATCH` of the one object: 204. */
export function updateSingleton(singleton: Singleton): Handler {
  return (context) => {
    const { store, request } = context;
    const stored = singleton.find(store, context.parameters.id);
    const now = graphTime(context.clock());
    const set = singleton.update(singleton.resource, stored, objectBody(request.body), store, now);
    context.commit({ op: 'update', at: now, id: stored.id, set });
    return { status: 204 };
  };
}
