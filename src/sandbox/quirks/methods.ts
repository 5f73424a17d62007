/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: authentication methods and strengths.
 */

/** The id that stands for everyone in a target. Source: "authenticationMethodTarget resource type". */
export const everyone = 'all_users';

/** The type of method configurations that can be created and deleted. Source: "Create externalAuthenticationMethodConfiguration". */
export const externalMethod = 'externalAuthenticationMethodConfiguration';

/**
 * What a target says that was written without it. Sources: "authenticationMethodTarget resource type",
 * "microsoftAuthenticatorAuthenticationMethodTarget resource type", "smsAuthenticationMethodTarget resource type" (its
 * default is not published).
 */
export const targetDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  authenticationMethodTarget: { isRegistrationRequired: false },
  microsoftAuthenticatorAuthenticationMethodTarget: { authenticationMode: 'any' },
  smsAuthenticationMethodTarget: { isUsableForSignIn: false },
};

/** The steps of the migration from the older method policies. Source: "authenticationMethodsPolicy resource type". */
export const migrationSteps: readonly string[] = ['preMigration', 'migrationInProgress', 'migrationComplete'];

/** Methods that satisfy multifactor authentication alone; any pair does. Source: "Overview of Microsoft Entra
 * authentication strength" (table of combinations). */
export const multifactorMethods: ReadonlySet<string> = new Set([
  'deviceBasedPush',
  'federatedMultiFactor',
  'fido2',
  'temporaryAccessPassMultiUse',
  'temporaryAccessPassOneTime',
  'windowsHelloForBusiness',
  'x509CertificateMultiFactor',
]);

/** The combinations a configuration may be about. Source: "fido2CombinationConfiguration resource type",
 * "x509CertificateCombinationConfiguration resource type". */
export const configurableCombinations: Readonly<Record<string, readonly string[]>> = {
  fido2CombinationConfiguration: ['fido2'],
  x509CertificateCombinationConfiguration: ['x509CertificateMultiFactor', 'x509CertificateSingleFactor'],
};

/** Under which name the state of per-user multifactor authentication is kept with the user; the type of users has none. */
export const mfaProperty = 'perUserMfaState';

/** States of per-user multifactor authentication. Source: "strongAuthenticationRequirements resource type" (beta). */
export const mfaStates: readonly string[] = ['disabled', 'enabled', 'enforced'];
