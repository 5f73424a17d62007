/**
 * Why a sign-in failed, in words. Codes are those of "Microsoft Entra authentication and authorization error codes"; they
 * may change, so that what is not known is told as Microsoft says it.
 */

import { Failure } from '../model/problem.js';
import type { Source } from './sources.js';

export interface Refused {
  readonly source: Source;
  readonly tenant: string;
  readonly authority: string;
}

interface Known {
  readonly code: string;
  readonly remedy: (refused: Refused) => string;
  /** The variable to look at; the application's id where it is not given. */
  readonly where?: (refused: Refused) => string;
}

const ofProof: Known['where'] = ({ source }) => ('variable' in source ? source.variable : placeOf(source));
const ofTenant: Known['where'] = () => 'knowngood.yaml: tenant';

const SECRET: Known = {
  code: 'KG187',
  where: ofProof,
  remedy: () => "Make a new secret in the app registration, and set the secret's value, not its id.",
};
const APPLICATION: Known = {
  code: 'KG188',
  remedy: ({ tenant }) =>
    `Check the application (client) id, and that the app registration, or its enterprise application, is in tenant ${tenant} and enabled.`,
};
const FEDERATION: Known = {
  code: 'KG189',
  remedy: () =>
    'Compare issuer, subject and audience of the federated credential in the app registration with what was presented, letter by letter.',
};
const CERTIFICATE: Known = {
  code: 'KG190',
  where: ofProof,
  remedy: () => 'Upload the public part of this certificate to the app registration, or use the one that is there.',
};
const TENANT: Known = {
  code: 'KG191',
  where: ofTenant,
  remedy: ({ authority }) => `Check the id of the tenant, and the cloud: tokens were asked for at ${authority}.`,
};
const POLICY: Known = {
  code: 'KG192',
  remedy: () =>
    'A Conditional Access policy keeps this identity out: let it in from this place, or run knowngood where it is let in.',
};

const KNOWN: Readonly<Record<string, Known>> = {
  // Secrets: wrong, ended, none of that id, too old.
  7000215: SECRET,
  7000222: SECRET,
  7000216: SECRET,
  7000218: SECRET,
  // Applications: not in this tenant, without a service principal, disabled, of another kind.
  700016: APPLICATION,
  7000229: APPLICATION,
  7000112: APPLICATION,
  700014: APPLICATION,
  // Federation: no record for the subject, for the issuer, for the audience; assertions that have ended.
  70021: FEDERATION,
  700211: FEDERATION,
  700212: FEDERATION,
  700213: FEDERATION,
  700024: {
    code: 'KG189',
    remedy: () => 'The clock of this machine, or of what vouched for it, is wrong: an assertion lives some minutes.',
  },
  // Certificates: signature or thumbprint unknown, ended.
  700027: CERTIFICATE,
  7000214: CERTIFICATE,
  // Tenants.
  90002: TENANT,
  900023: TENANT,
  // Conditional Access for workload identities; 53003 for everybody.
  53003: POLICY,
  530003: POLICY,
};

/**
 * The failure that an error of signing in stands for. `noted` is what network or authority said. The error itself is not kept:
 * it may hold what must not be told.
 */
export function failureOfSignIn(error: unknown, noted: string, refused: Refused): Failure {
  const text = `${error instanceof Error ? error.message : ''}\n${noted}`;
  const said = /AADSTS(\d+)\b[^\n\r]*/.exec(text);
  if (said !== null) {
    const known = KNOWN[said[1] ?? ''];
    return new Failure({
      code: known?.code ?? 'KG195',
      message: `Microsoft Entra ID refused the sign-in: ${redacted(said[0], refused.source)}`,
      where: known?.where?.(refused) ?? placeOf(refused.source),
      remedy:
        known?.remedy(refused) ??
        `Look it up at https://login.microsoftonline.com/error?code=${said[1]}; \`knowngood doctor\` shows how the sign-in was chosen.`,
    });
  }
  return withoutAnswer(text, refused);
}

/** The sentence for people: without the line of ids for support, except the trace. */
function redacted(said: string, source: Source): string {
  let text = said
    .replace(/\s*(?:Correlation ID|Timestamp): \S+(?: \d\d:\d\d:\d\dZ)?/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  text = text.replace(/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '…');
  for (const secret of secretsOf(source)) text = text.replaceAll(secret, '…');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function secretsOf(source: Source): string[] {
  const secrets = { secret: '', password: '', token: '', ...source };
  return [secrets.secret, secrets.password, secrets.token].filter((secret) => secret !== '');
}

const NETWORK: readonly (readonly [RegExp, string])[] = [
  [
    /self-signed|unable to (?:verify|get)|certificate has expired|CERT_|ERR_TLS/i,
    'its certificate is not trusted; NODE_EXTRA_CA_CERTS=FILE adds a private authority',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of the host is not known'],
  [/ECONNREFUSED/, 'nothing answers there'],
  [
    /ECONNRESET|ETIMEDOUT|EPIPE|socket hang up|network_error|endpoints_resolution|openid_config|aborted/i,
    'there was no answer',
  ],
];

/** Failures that did not come from the authority. Nothing of the error's own text is told: it may be an answer with a token. */
function withoutAnswer(text: string, { source, authority }: Refused): Failure {
  if (source.kind === 'certificate') {
    const reason = certificateReason(text);
    if (reason !== undefined) {
      return new Failure({
        code: 'KG190',
        message: `The certificate cannot be used: ${reason}.`,
        where: `${source.variable}: ${source.path}`,
        remedy:
          'It is one PEM file with the certificate and its private key; AZURE_CLIENT_CERTIFICATE_PASSWORD opens a key that is encrypted.',
      });
    }
  }
  if (source.kind === 'azure-cli') {
    return new Failure({
      code: 'KG197',
      message: 'Azure CLI gave no token.',
      where: placeOf(source),
      remedy: 'Install Azure CLI and sign in with `az login --tenant ID --allow-no-subscriptions`.',
    });
  }
  if (source.kind === 'managed-identity') {
    return new Failure({
      code: 'KG197',
      message: 'There is no managed identity here, or it gave no token.',
      where: placeOf(source),
      remedy:
        'Give this machine or service a managed identity; for a user-assigned one, its client id belongs into AZURE_CLIENT_ID.',
    });
  }
  const [, reason = 'the answer could not be understood'] = NETWORK.find(([shape]) => shape.test(text)) ?? [];
  return new Failure({
    code: 'KG194',
    message: `Microsoft Entra ID could not be asked for a token: ${reason}.`,
    where: authority,
    remedy: 'Check the network, proxy and firewall; if AZURE_AUTHORITY_HOST is set, check that, too.',
  });
}

function certificateReason(text: string): string | undefined {
  if (/ENOENT/.test(text)) return 'there is no such file';
  if (/EACCES|EPERM|EISDIR/.test(text)) return 'the file cannot be read';
  if (/does not contain a PEM/.test(text)) return 'the file holds no certificate in PEM form';
  if (
    /bad decrypt|bad password|passphrase|interrupted or cancelled|DECODER|asymmetric key|PEM routines|secretOrPrivateKey/i.test(
      text,
    )
  )
    return 'its private key is missing, or the password does not open it';
  return undefined;
}

function placeOf(source: Source): string {
  const id = 'clientId' in source && source.clientId !== undefined ? ` (application ${source.clientId})` : '';
  return `${source.because}${id}`;
}
