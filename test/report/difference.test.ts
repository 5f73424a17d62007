/* Whole outputs, as they are printed. */

import { describe, expect, it } from 'vitest';
import { renderDifference } from '../../src/report/index.js';
import { badDay, difference } from './sample-reviews.js';
import { MARKDOWN, PARTIAL, text } from './samples.js';

describe('the difference report in a terminal', () => {
  it('of a bad day, in 80 columns', () => {
    expect(renderDifference(badDay(), text(80))).toBe(
      `Comparing the live tenant with backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Live state read 2026-11-20 14:32 UTC, 2 minutes ago

Warning KG401: This enables 4,800 accounts at once, 80 % of the users of the
  tenant.
  What to do: If it is meant, apply the plan with --force.

desired ← live: the left value is what recovery writes; + comes back, − goes

To restore from the recycle bin: 2 objects

  Grace Dijkstra  user/00001b59-1c2e-4f0e-9a53-2b7c1d0e4f6a
  Edsger Dijkstra  user/00001b5a-1c2e-4f0e-9a53-2b7c1d0e4f6a

To update: 4,802 objects

  Require multi-factor authentication for administrators
      conditionalAccessPolicy/000001f4-1c2e-4f0e-9a53-2b7c1d0e4f6a
      state                   enabled ← disabled
      conditions.users.excludeUsers
        + 00000384-1c2e-4f0e-9a53-2b7c1d0e4f6a (Break glass)
        − 00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a (Mallory)
        − 00000386-1c2e-4f0e-9a53-2b7c1d0e4f6a
      grantControls.operator  OR ← (empty)

  4,800 users: accountEnabled true ← false
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen ·
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen
      and 4,788 more (--json lists all)

  Katherine Johnson  user/00001b57-1c2e-4f0e-9a53-2b7c1d0e4f6a
      jobTitle        Director of Trajectories ← (empty)
      officeLocation
        desired  Building 1220, Langley Research Center, Hampton, Virginia,
          second floor, room 7
        live     Building 1220, Langley Research Center, Hampton, Virginia,
          first floor, room 12, ask at the desk

Links: 12 to add, 1 to remove, on 1 object

  Sales EMEA  group/0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a
      members  + 12  − 1
        + Ada Lovelace · Grace Lovelace · Edsger Lovelace · Barbara Lovelace ·
          Alan Lovelace · Frances Lovelace · Ken Lovelace · Radia Lovelace ·
          Linus Lovelace · Margaret Lovelace · Ada Hopper · Grace Hopper
        − Mallory  00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a

To soft-delete: 1 object

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

Differences: 2 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.
`,
    );
  });

  it('of a bad day, in 200 columns', () => {
    expect(renderDifference(badDay(), text(200))).toBe(
      `Comparing the live tenant with backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Live state read 2026-11-20 14:32 UTC, 2 minutes ago

Warning KG401: This enables 4,800 accounts at once, 80 % of the users of the tenant.
  What to do: If it is meant, apply the plan with --force.

desired ← live: the left value is what recovery writes; + comes back, − goes

To restore from the recycle bin: 2 objects

  Grace Dijkstra  user/00001b59-1c2e-4f0e-9a53-2b7c1d0e4f6a
  Edsger Dijkstra  user/00001b5a-1c2e-4f0e-9a53-2b7c1d0e4f6a

To update: 4,802 objects

  Require multi-factor authentication for administrators  conditionalAccessPolicy/000001f4-1c2e-4f0e-9a53-2b7c1d0e4f6a
      state                   enabled ← disabled
      conditions.users.excludeUsers
        + 00000384-1c2e-4f0e-9a53-2b7c1d0e4f6a (Break glass)
        − 00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a (Mallory)
        − 00000386-1c2e-4f0e-9a53-2b7c1d0e4f6a
      grantControls.operator  OR ← (empty)

  4,800 users: accountEnabled true ← false
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen ·
      Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen · Ada Allen
      and 4,768 more (--json lists all)

  Katherine Johnson  user/00001b57-1c2e-4f0e-9a53-2b7c1d0e4f6a
      jobTitle        Director of Trajectories ← (empty)
      officeLocation
        desired  Building 1220, Langley Research Center, Hampton, Virginia, second floor, room 7
        live     Building 1220, Langley Research Center, Hampton, Virginia, first floor, room 12, ask at the desk

Links: 12 to add, 1 to remove, on 1 object

  Sales EMEA  group/0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a
      members  + 12  − 1
        + Ada Lovelace · Grace Lovelace · Edsger Lovelace · Barbara Lovelace · Alan Lovelace · Frances Lovelace · Ken Lovelace · Radia Lovelace · Linus Lovelace · Margaret Lovelace · Ada Hopper ·
          Grace Hopper
        − Mallory  00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a

To soft-delete: 1 object

  svc-backdoor  user/00001f40-1c2e-4f0e-9a53-2b7c1d0e4f6a

Blocked: 3 differences that cannot be recovered from here

  KG501: It is synchronised from Active Directory, which would overwrite the change.
    What to do: Correct it in Active Directory.
    2 users: department Finance ← X
        Ada Hopper    user/0000000a-1c2e-4f0e-9a53-2b7c1d0e4f6a
        Grace Hopper  user/0000000b-1c2e-4f0e-9a53-2b7c1d0e4f6a

  KG502: It was deleted for good: it is no longer in the recycle bin.
    What to do: Create it again by hand from its file in the backup; it gets a new id.
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

Differences: 2 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.
`,
    );
  });

  it('says first that something was not read', () => {
    const holes = difference({ coverage: { desired: PARTIAL, live: PARTIAL } });
    expect(renderDifference(holes, text())).toBe(
      `Comparing the live tenant with backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Live state read 2026-11-20 14:32 UTC, 2 minutes ago

INCOMPLETE: the live tenant was not read completely: 2 gaps.
  group.members: only partly read (12 objects). 403 Forbidden: Insufficient
    privileges to complete the operation. What was read
    2026-11-15 14:00 UTC, 5 days ago stands in for it.
  namedLocation: not collected. 503 Service Unavailable.
  What was not read may differ, too, without being listed here.

INCOMPLETE: backup 3f2a9c1 does not hold everything: 2 gaps.
  group.members: only partly read (12 objects). 403 Forbidden: Insufficient
    privileges to complete the operation. What was read
    2026-11-15 14:00 UTC, 5 days ago stands in for it.
  namedLocation: not collected. 503 Service Unavailable.
  What was not read may differ, too, without being listed here.

No changes in what was read. Whether everything matches 3f2a9c1 is not known.
`,
    );
  });
});

describe('the difference report as Markdown', () => {
  it('of a bad day', () => {
    expect(renderDifference(badDay(), MARKDOWN)).toBe(
      `**Differences: 2 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.**

Comparing the live tenant with backup \`3f2a9c1\` (2026-11-18 14:00 UTC, 2 days before the live read)  
Tenant \`5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a\`  
Live state read 2026-11-20 14:32 UTC

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
<summary>To restore from the recycle bin: 2 objects</summary>

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| \`Grace Dijkstra\`<br>\`user/00001b59-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |  |  |  |
| \`Edsger Dijkstra\`<br>\`user/00001b5a-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |  |  |  |

</details>

<details>
<summary>To update: 4,802 objects</summary>

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| \`Require multi-factor authentication for administrators\`<br>\`conditionalAccessPolicy/000001f4-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`state\` | \`enabled\` | \`disabled\` |
|  | \`conditions.users.excludeUsers\` | + \`00000384-1c2e-4f0e-9a53-2b7c1d0e4f6a (Break glass)\` | − \`00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a (Mallory)\`<br>− \`00000386-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |
|  | \`grantControls.operator\` | \`OR\` | \`(empty)\` |
| **4,800 users**<br>\`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, \`Ada Allen\`, and 4,780 more (in the report, by --json) | \`accountEnabled\` | \`true\` | \`false\` |
| \`Katherine Johnson\`<br>\`user/00001b57-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`jobTitle\` | \`Director of Trajectories\` | \`(empty)\` |
|  | \`officeLocation\` | \`Building 1220, Langley Research Center, Hampton, Virginia, second floor, room 7\` | \`Building 1220, Langley Research Center, Hampton, Virginia, first floor, room 12, ask at the desk\` |

</details>

<details>
<summary>Links: 12 to add, 1 to remove, on 1 object</summary>

| object | property | desired (what recovery writes) | live |
| --- | --- | --- | --- |
| \`Sales EMEA\`<br>\`group/0000012c-1c2e-4f0e-9a53-2b7c1d0e4f6a\` | \`members\` | + 12: \`Ada Lovelace\`, \`Grace Lovelace\`, \`Edsger Lovelace\`, \`Barbara Lovelace\`, \`Alan Lovelace\`, \`Frances Lovelace\`, \`Ken Lovelace\`, \`Radia Lovelace\`, \`Linus Lovelace\`, \`Margaret Lovelace\`, \`Ada Hopper\`, \`Grace Hopper\` | − 1: \`Mallory\` \`00000385-1c2e-4f0e-9a53-2b7c1d0e4f6a\` |

</details>

<details>
<summary>To soft-delete: 1 object</summary>

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
});
