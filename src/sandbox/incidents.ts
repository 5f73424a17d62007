/** Scripted incidents: what an attacker, or a script with a mistake in it, does to a sandbox tenant. */

import { corruptAttributes } from './incidents/attribute-corruption.js';
import { tamperConditionalAccess } from './incidents/ca-tampered.js';
import { type Client, type Connection, createClient } from './incidents/client.js';
import { hardDelete } from './incidents/hard-delete.js';
import { massDelete } from './incidents/mass-delete.js';
import { massDisable } from './incidents/mass-disable.js';
import { membershipPurge } from './incidents/membership-purge.js';
import { rogueConsent } from './incidents/rogue-consent.js';
import { unwantedRestore } from './incidents/unwanted-restore.js';

/** One incident that can be run. */
export interface Incident {
  readonly name: string;
  readonly description: string;
}

interface Script extends Incident {
  readonly run: (client: Client) => Promise<string[]>;
}

const scripts: readonly Script[] = [
  {
    name: 'mass-disable',
    description: 'A script meant for 50 users disables nearly all of them',
    run: massDisable,
  },
  {
    name: 'mass-delete',
    description: 'A clean-up deletes a third of the users and groups, a Conditional Access policy and a named location',
    run: massDelete,
  },
  {
    name: 'membership-purge',
    description: 'Every member is removed from half of the groups, the largest one among them',
    run: membershipPurge,
  },
  {
    name: 'ca-tampered',
    description: 'An attacker weakens, disables and widens Conditional Access policies and named locations',
    run: tamperConditionalAccess,
  },
  {
    name: 'rogue-consent',
    description: 'An attacker adds an application with consent to all mail, a hidden account and wider consents',
    run: rogueConsent,
  },
  {
    name: 'attribute-corruption',
    description: 'A provisioning script overwrites departments, user names and the addresses of applications',
    run: corruptAttributes,
  },
  {
    name: 'unwanted-restore',
    description: 'Everything that was in the recycle bin is restored and enabled',
    run: unwantedRestore,
  },
  {
    name: 'hard-delete',
    description: 'Users, groups, an application, a policy and a named location are deleted for good',
    run: hardDelete,
  },
];

/** The incidents that can be run, in the order in which they are shown. */
export const incidents: readonly Incident[] = scripts.map(({ name, description }) => ({ name, description }));

/**
 * Damages the tenant at `url` through its HTTP API, as an attacker or a bad script would. The same tenant is always
 * damaged in the same way. Anything that is not a sandbox is refused before it is touched.
 *
 * @returns one-line summaries for people, and how many requests it took
 */
export async function runIncident(
  name: string,
  connection: Connection,
): Promise<{ summary: string[]; requests: number }> {
  const script = scripts.find((candidate) => candidate.name === name);
  if (script === undefined) {
    throw new Error(`unknown incident: ${name} (there are ${scripts.map((known) => known.name).join(', ')})`);
  }
  const client = createClient(connection);
  await client.requireSandbox();
  const summary = await script.run(client);
  return { summary, requests: client.requests };
}
