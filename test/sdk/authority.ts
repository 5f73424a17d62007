/** A place to sign in: the two addresses of an OpenID provider that the client credentials flow needs. */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../support/certificate.js';

export interface Authority {
  readonly url: string;
  /** What was asked of the token endpoint. */
  readonly requests: readonly Readonly<Record<string, string>>[];
  close(): Promise<void>;
}

/** Gives the token to whoever has the secret. */
export async function startAuthority({ key, cert }: Certificate, secret: string, token: string): Promise<Authority> {
  const requests: Record<string, string>[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const root = `https://${request.headers.host}`;
    const [, tenant = '', ...path] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path.join('/') === 'v2.0/.well-known/openid-configuration') {
      const endpoints = {
        authorization_endpoint: `${root}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${root}/${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${root}/${tenant}/discovery/v2.0/keys`,
      };
      answer(200, { issuer: `${root}/${tenant}/v2.0`, ...endpoints });
    } else if (path.join('/') === 'oauth2/v2.0/token') {
      const form = Object.fromEntries(new URLSearchParams(text));
      requests.push(form);
      if (form.client_secret === secret)
        answer(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
      else
        answer(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' });
    } else answer(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
