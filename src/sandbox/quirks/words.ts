/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: words of refusals.
 */

/** Words of the refusal for objects mastered on-premises (observed). */
export const syncedWords =
  'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.';

/** Words of the refusals around membership. Source: observed answers; the last one is not confirmed. */
export const memberWords = {
  exists: "One or more added object references already exist for the following modified properties: 'members'.",
  missing: "One or more removed object references do not exist for the following modified properties: 'members'.",
  reference: 'Not a valid reference update',
  mailEnabled: 'Cannot Update a mail-enabled security groups and or distribution list.',
  dynamic: 'Members of a group with dynamic membership cannot be changed.',
} as const;
