/** Credentials of applications as lists show them: what identifies each of them, never the secret itself. */

import { formatInstant, type Random } from './random.js';

type Part = Readonly<Record<string, unknown>>;

const YEAR = 365 * 24 * 60 * 60 * 1000;
const SECRET_NAMES = ['Pipeline', null, 'Rotated by hand', 'Key vault', 'Temporary – remove'] as const;

/** A client secret, of which one in some has ended already. */
export function createSecret(random: Random, index: number): Part {
  return {
    customKeyIdentifier: null,
    displayName: SECRET_NAMES[(index + random.int(0, 4)) % SECRET_NAMES.length] ?? null,
    hint: secretHint(random),
    keyId: random.guid(),
    secretText: null,
    ...lifetime(random, random.pick([1, 2])),
  };
}

/** A certificate that an application proves its identity with. */
export function createCertificate(random: Random, subject: string): Part {
  return {
    customKeyIdentifier: createThumbprint(random),
    displayName: `CN=${subject}`,
    key: null,
    keyId: random.guid(),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    ...lifetime(random, 1),
  };
}

/** The certificate that a SAML application signs with: its two halves and the password of the private one. */
export function createSigningKeys(random: Random, subject: string): { thumbprint: string; more: Part } {
  const thumbprint = createThumbprint(random);
  const times = lifetime(random, 3);
  const keyId = random.guid();
  const key = { customKeyIdentifier: thumbprint, displayName: `CN=${subject}`, key: null, ...times };
  return {
    thumbprint,
    more: {
      keyCredentials: [
        { ...key, keyId, type: 'X509CertAndPassword', usage: 'Sign' },
        { ...key, keyId: random.guid(), type: 'AsymmetricX509Cert', usage: 'Verify' },
      ],
      passwordCredentials: [
        { customKeyIdentifier: thumbprint, displayName: null, hint: null, keyId, secretText: null, ...times },
      ],
      preferredTokenSigningKeyThumbprint: thumbprint,
    },
  };
}

function createThumbprint(random: Random): string {
  return `${random.guid()}${random.guid()}`.replaceAll('-', '').slice(0, 40).toUpperCase();
}

function secretHint(random: Random): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789~.';
  return Array.from({ length: 3 }, () => letters[random.int(0, letters.length - 1)]).join('');
}

function lifetime(random: Random, years: number): { startDateTime: string; endDateTime: string } {
  const startDateTime = random.instant(2024, 2025);
  return { startDateTime, endDateTime: formatInstant(Date.parse(startDateTime) + years * YEAR) };
}
