/**
 * What the token endpoint of Microsoft Entra ID refuses, and how it says so. Source: "Microsoft Entra authentication and
 * authorization error codes", "OAuth 2.0 client credentials flow"; words and statuses observed.
 */

export interface SignInError {
  readonly status: 400 | 401;
  readonly error: string;
  readonly code: number;
  readonly words: string;
}

const refusal = (status: 400 | 401, error: string, code: number, words: string): SignInError => ({
  status,
  error,
  code,
  words,
});

export const signInErrors = {
  noTenant: (tenant: string) =>
    refusal(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
    ),
  missing: (name: string) =>
    refusal(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`),
  grantType: (value: string) =>
    refusal(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${value}'.`),
  scope: (value: string) =>
    refusal(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${value} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  noClient: (client: string, tenant: string) =>
    refusal(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${client}' was not found in the directory '${tenant}'.`,
    ),
  secret: (client: string) =>
    refusal(
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${client}'.`,
    ),
  noCredential: refusal(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  assertion: refusal(400, 'invalid_request', 50027, 'JWT token is invalid or malformed.'),
  assertionTime: (now: string, until: string) =>
    refusal(
      401,
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${now}, expiry time of assertion ${until}.`,
    ),
  assertionAudience: refusal(
    401,
    'invalid_client',
    700212,
    'No matching federated identity record found for presented assertion audience.',
  ),
} as const;

/** The audience of tokens that stand for a job of a pipeline. Source: "Workload identity federation". */
export const exchangeAudience = /^api:\/\/AzureADTokenExchange/;
