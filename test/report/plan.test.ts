/* Whole outputs, as they are printed. */

import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { type RenderOptions, renderPlan } from '../../src/report/index.js';
import { badDayPlan } from './sample-reviews.js';
import { COMMIT, MARKDOWN, OTHER_COMMIT, text } from './samples.js';

describe('the plan', () => {
  it('in a terminal', () => {
    expect(renderPlan(badDayPlan(), text())).toBe(
      `Plan 4f9c2e118a07 for tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Made from backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)
Against the live tenant, read 2026-11-20 14:32 UTC, 2 minutes ago
Requested by ada@contoso.com, planned 2026-11-20 14:33 UTC, 2 minutes ago

Warning KG401: This enables 4,800 accounts at once, 80 % of the users of the
  tenant.
  What to do: If it is meant, apply the plan with --force.

desired ← live: the left value is what recovery writes; + comes back, − goes

1. First, gates that loosen: 1 object
Before anything else, because these may be what locks people out.

  update  Block everyone
      conditionalAccessPolicy/000001f5-1c2e-4f0e-9a53-2b7c1d0e4f6a
      conditions.users.includeUsers  − All
      conditions.users.includeGroups
        + 0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a (Sales EMEA)
      state  disabled ← enabled

2. Objects: 4,801 objects
What is restored gets every property and link of the backup.

  restore  Grace Dijkstra  user/00001b59-1c2e-4f0e-9a53-2b7c1d0e4f6a
      accountEnabled     true
      userPrincipalName  grace.dijkstra@contoso.com
      and 1 empty value, 1 manager

  update  4,800 users: accountEnabled true ← false
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen ·
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen
      and 4,788 more (the plan file lists all)

3. Links: 12 to add, 1 to remove, on 1 object

  Sales EMEA  group/0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a
      members  + 12  − 1
        + Grace Dijkstra · Grace Lovelace · Edsger Lovelace · Barbara Lovelace ·
          Alan Lovelace · Frances Lovelace · Ken Lovelace · Radia Lovelace ·
          Linus Lovelace · Margaret Lovelace · Ada Hopper · Grace Hopper
        − Mallory  00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a
        1 addition only if not back already: restored objects may bring their
          links with them

4. Gates that tighten: 1 object
When the objects and links they refer to are in place.

  update  Require multi-factor authentication for administrators
      conditionalAccessPolicy/000001f4-1c2e-4f0e-9a53-2b7c1d0e4f6a
      state  enabled ← disabled

5. Soft-deletes: 1 object
Objects go to the recycle bin, from which they can be restored.

  svc-backdoor  user/00001f40-1c2e-4f0e-9a53-2b7c1d0e4f6a

Blocked: 3 differences that cannot be recovered from here

  KG501: It is synchronised from Active Directory, which would overwrite the
    change.
    What to do: Correct it in Active Directory.
    2 users: department Finance ← X
        Ada Hopper    user/0000000a-1c2e-4f0e-9a53-2b7c1d0e4f6a
        Grace Hopper  user/0000000b-1c2e-4f0e-9a53-2b7c1d0e4f6a

  KG502: It was deleted for good: it is no longer in the recycle bin.
    What to do: Create it again by hand from its file in the backup; it gets a
      new id.
    To see the file, type:
      knowngood show 3f2a9c1 group/0000012d-1c2e-4f0e-9a53-2b7c1d0e4f6a
    Old project  group/0000012d-1c2e-4f0e-9a53-2b7c1d0e4f6a

Kept: 7 objects that only a soft-delete would remove
  5 users created since: accountEnabled true, 2 in passwordCredentials
      Grace Lovelace    user/00001fa5-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Edsger Lovelace   user/00001fa6-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Barbara Lovelace  user/00001fa7-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Alan Lovelace     user/00001fa8-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Frances Lovelace  user/00001fa9-1c2e-4f0e-9a53-2b7c1d0e4f6a
  2 groups restored from the recycle bin since
      Pilot 1  group/0000015f-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Pilot 2  group/00000160-1c2e-4f0e-9a53-2b7c1d0e4f6a
  Use --allow-delete to have them soft-deleted.

Plan: 1 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.
`,
    );
  });

  it('as Markdown', () => {
    expect(renderPlan(badDayPlan(), MARKDOWN)).toBe(
      `**Plan: 1 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.**

Plan \`4f9c2e118a07\` for tenant \`5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a\`  
Made from backup \`3f2a9c1\` (2026-11-18 14:00 UTC, 2 days before the live read)  
Against the live tenant, read 2026-11-20 14:32 UTC  
Requested by \`ada@contoso.com\`, planned 2026-11-20 14:33 UTC

- **Warning KG401:** This enables 4,800 accounts at once, 80 % of the users of the tenant. *What to do:* If it is meant, apply the plan with --force.

### Blocked: 3 differences that cannot be recovered from here

**KG501** It is synchronised from Active Directory, which would overwrite the change. (2)  
*What to do:* Correct it in Active Directory.

| object | property | desired | live |
| --- | --- | --- | --- |
| **2 users**<br>\`Ada Hopper\` \`user/0000000a-1c2e-4f0e-9a53-2b7c1d0e4f6a\`<br>\`Grace Hopper\` \`user/0000000b-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`department\` | \`Finance\` | \`X\` |

**KG502** It was deleted for good: it is no longer in the recycle bin. (1)  
*What to do:* Create it again by hand from its file in the backup; it gets a new id.  
To see the file, type: \`knowngood show 3f2a9c1 group/0000012d-1c2e-4f0e-9a53-2b7c1d0e4f6a\`

| object | property | desired | live |
| --- | --- | --- | --- |
| \`Old project\`<br>\`group/0000012d-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |  |  |  |

<details>
<summary>1. First, gates that loosen: 1 object</summary>

Before anything else, because these may be what locks people out.

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| update \`Block everyone\`<br>\`conditionalAccessPolicy/000001f5-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`conditions.users.includeUsers\` |  | − \`All\` |
|  | \`conditions.users.includeGroups\` | + \`0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a (Sales EMEA)\` |  |
|  | \`state\` | \`disabled\` | \`enabled\` |

</details>

<details>
<summary>2. Objects: 4,801 objects</summary>

What is restored gets every property and link of the backup.

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| restore \`Grace Dijkstra\`<br>\`user/00001b59-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`accountEnabled\` | \`true\` |  |
|  | \`userPrincipalName\` | \`grace.dijkstra@contoso.com\` |  |
|  | \`manager\` | + 1: \`Alan Lovelace\` \`00000004-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |  |
| update **4,800 users**<br>\`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, and 4,780 more (in the plan file) | \`accountEnabled\` | \`true\` | \`false\` |

</details>

<details>
<summary>3. Links: 12 to add, 1 to remove, on 1 object</summary>

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| \`Sales EMEA\`<br>\`group/0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`members\` | + 12: \`Grace Dijkstra\`, \`Grace Lovelace\`, \`Edsger Lovelace\`, \`Barbara Lovelace\`, \`Alan Lovelace\`, \`Frances Lovelace\`, \`Ken Lovelace\`, \`Radia Lovelace\`, \`Linus Lovelace\`, \`Margaret Lovelace\`, \`Ada Hopper\`, \`Grace Hopper\`<br>1 of them only if not back already | − 1: \`Mallory\` \`00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |

</details>

<details>
<summary>4. Gates that tighten: 1 object</summary>

When the objects and links they refer to are in place.

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| update \`Require multi-factor authentication for administrators\`<br>\`conditionalAccessPolicy/000001f4-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`state\` | \`enabled\` | \`disabled\` |

</details>

<details>
<summary>5. Soft-deletes: 1 object</summary>

Objects go to the recycle bin, from which they can be restored.

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| **1 user**<br>\`svc-backdoor\` \`user/00001f40-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |  |  |  |

</details>

<details>
<summary>Kept: 7 objects that only a soft-delete would remove</summary>

- 5 users created since: accountEnabled true, 2 in passwordCredentials
  - \`Grace Lovelace\` \`user/00001fa5-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
  - \`Edsger Lovelace\` \`user/00001fa6-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
  - \`Barbara Lovelace\` \`user/00001fa7-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
  - \`Alan Lovelace\` \`user/00001fa8-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
  - \`Frances Lovelace\` \`user/00001fa9-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
- 2 groups restored from the recycle bin since
  - \`Pilot 1\` \`group/0000015f-1c2e-4f0e-9a53-2b7c1d0e4f6a\`
  - \`Pilot 2\` \`group/00000160-1c2e-4f0e-9a53-2b7c1d0e4f6a\`

Use --allow-delete to have them soft-deleted.

</details>
`,
    );
  });

  it('tells the least time that Graph allows, where it is told', () => {
    const head = (least: Plan['least'], options: RenderOptions) =>
      renderPlan({ ...badDayPlan(), ...(least === undefined ? {} : { least }) }, options).match(
        /Takes at least.*/,
      )?.[0];
    expect(head({ seconds: 94 }, text())).toBe('Takes at least 2 min at the pace that Microsoft Graph allows');
    expect(head({ seconds: 2350, secondsIfReferencesCount: 8750 }, MARKDOWN)).toBe(
      'Takes at least 40 min (2 h 26 min if adding several members counts as several writes) at the pace that Microsoft Graph allows',
    );
    expect(head(undefined, text())).toBeUndefined();
  });

  it('says where the commit that it was made from is no backup, and how to see what was changed', () => {
    const { desired, ...rest } = badDayPlan();
    const changed = { ...rest, desired: { ...desired, commit: OTHER_COMMIT, backup: COMMIT } };
    expect(renderPlan(changed, text())).toContain(
      `Made from commit 8d31f00, which stems from backup 3f2a9c1
  (2026-11-18 14:00 UTC, 2 days ago) and was changed since by a person or a
  merge
To see what was changed, type: git diff 3f2a9c1 8d31f00 -- tenant-state
`,
    );
    expect(renderPlan(changed, MARKDOWN)).toContain(
      `Made from commit \`8d31f00\`, which stems from backup \`3f2a9c1\` (2026-11-18 14:00 UTC, `,
    );
    expect(renderPlan(changed, MARKDOWN)).toContain(`type: \`git diff 3f2a9c1 8d31f00 -- tenant-state\``);
  });
});
