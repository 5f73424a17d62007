/** Asks Microsoft Entra ID for tokens by `@azure/identity`, which is loaded only when somebody signs in. */

import type { TokenCredential, TokenCredentialOptions } from '@azure/identity';
import { Failure } from '../model/problem.js';
import { assertionFrom } from './assertions.js';
import { type Cloud, scopeOf } from './clouds.js';
import { failureOfSignIn } from './failures.js';
import type { Source } from './sources.js';
import type { Issue } from './tokens.js';

export interface SignIn {
  readonly source: Exclude<Source, { readonly kind: 'token' }>;
  /** The configured tenant: no token of another is ever asked for. */
  readonly tenant: string;
  readonly cloud: Cloud;
  /** Where tokens are issued, if not at the cloud's own authority. */
  readonly authority: string | undefined;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
  /** Of the connections to the authority: authorities that are trusted, attempts. */
  readonly connection?: Pick<TokenCredentialOptions, 'retryOptions'> & {
    readonly tlsOptions?: { readonly ca: string };
  };
}

/**
 * Every call signs in anew: neither an old token nor an old assertion is used again.
 *
 * @throws Failure KG187 to KG198: what was refused, which variable it came from, what to do. No secret is told.
 */
export function issuing(signIn: SignIn): Issue {
  return async (claims) => {
    const authority = authorityOf(signIn);
    const trouble: Trouble = { said: '' };
    try {
      const credential = await credentialFor(signIn, authority, trouble);
      const scope = scopeOf(signIn.cloud);
      const issued = await credential.getToken(scope, {
        // Graph may then ask for a new token at any moment; it is answered with one.
        enableCae: true,
        ...(claims === undefined ? {} : { claims }),
      });
      if (issued === null) throw new Error('no token');
      const now = Date.now();
      const { refreshAfterTimestamp } = issued;
      return {
        token: issued.token,
        life: issued.expiresOnTimestamp - now,
        ...(refreshAfterTimestamp === undefined ? {} : { refreshAfter: refreshAfterTimestamp - now }),
      };
    } catch (cause) {
      throw cause instanceof Failure ? cause : failureOfSignIn(cause, trouble.said, { ...signIn, authority });
    }
  };
}

/** What the network or the authority said of a request that failed: the library tells of some only that they did. */
interface Trouble {
  said: string;
}

function noting(trouble: Trouble): TokenCredentialOptions {
  const policy: NonNullable<TokenCredentialOptions['additionalPolicies']>[number]['policy'] = {
    name: 'noting',
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        if (response.status >= 400) trouble.said = /"(AADSTS\d+[^"\\]*)/.exec(response.bodyAsText ?? '')?.[1] ?? '';
        return response;
      } catch (cause) {
        trouble.said = String((cause as { readonly code?: unknown }).code ?? '');
        throw cause;
      }
    },
  };
  return { additionalPolicies: [{ policy, position: 'perRetry' }] };
}

async function credentialFor(signIn: SignIn, authority: string, trouble: Trouble): Promise<TokenCredential> {
  const { source, tenant, cloud, signal } = signIn;
  const identity = await import('@azure/identity');
  const options = {
    authorityHost: authority,
    // An authority of one's own is not known to Microsoft's list of authorities.
    disableInstanceDiscovery: authority !== cloud.authority,
    ...signIn.connection,
    ...noting(trouble),
  };
  switch (source.kind) {
    case 'secret':
      return new identity.ClientSecretCredential(tenant, source.clientId, source.secret, options);
    case 'certificate': {
      const { path: certificatePath, password: certificatePassword } = source;
      const certificate = { certificatePath, ...(certificatePassword === undefined ? {} : { certificatePassword }) };
      return new identity.ClientCertificateCredential(tenant, source.clientId, certificate, options);
    }
    case 'managed-identity':
      return new identity.ManagedIdentityCredential(source.clientId === undefined ? {} : { clientId: source.clientId });
    case 'azure-cli':
      return new identity.AzureCliCredential({ tenantId: tenant });
    default: {
      const fetching = { fetch: signIn.fetch ?? fetch, signal };
      const assertion = await assertionFrom(source, cloud.exchange, fetching);
      return new identity.ClientAssertionCredential(tenant, source.clientId, async () => assertion, options);
    }
  }
}

function authorityOf({ authority, cloud }: SignIn): string {
  if (authority === undefined || authority === '') return cloud.authority;
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  const isOrigin = url?.username === '' && url.password === '' && url.pathname === '/' && url.search === '';
  if (url?.protocol === 'https:' && isOrigin) return url.origin;
  throw new Failure({
    code: 'KG198',
    message: 'The address of the authority that issues tokens is not an https origin.',
    where: 'AZURE_AUTHORITY_HOST',
    remedy: `Give scheme, host and port only, or take it away: the cloud in knowngood.yaml says ${cloud.authority}.`,
  });
}
