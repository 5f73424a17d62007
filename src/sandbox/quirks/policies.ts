/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: what Conditional Access policies refer to.
 */

/** Words that stand where an id could stand. Source: "conditionalAccessUsers", "conditionalAccessLocations" and
 * "conditionalAccessApplications" resource types; the all-zero location ("MFA trusted IPs") is observed. */
export const policySentinels = {
  users: new Set(['All', 'None', 'GuestsOrExternalUsers']),
  locations: new Set(['All', 'AllTrusted', '00000000-0000-0000-0000-000000000000']),
  applications: new Set(['All', 'None', 'Office365', 'MicrosoftAdminPortals']),
} as const;
