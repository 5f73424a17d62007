/* Whole outputs, as they are printed. */

import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.js';
import { renderApply, renderBackups, renderSnapshot } from '../../src/report/index.js';
import { applied, appliedInPart, backups, snapshot } from './sample-results.js';
import { plan } from './sample-reviews.js';
import { key, MARKDOWN, PARTIAL, person, text } from './samples.js';

describe('a snapshot', () => {
  it('in a terminal', () => {
    expect(renderSnapshot(snapshot(), text())).toBe(`Backup 3f2a9c1 on main: 4,800 updated, 3 added, 1 soft-deleted
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Read 2026-11-18 13:58 UTC, took 2 minutes

  type    objects
  users     6,012
  groups      310
  total     6,322

Coverage: complete.
`);
  });

  it('that is incomplete, in a terminal', () => {
    expect(
      renderSnapshot(snapshot({ coverage: PARTIAL }), text()),
    ).toBe(`Backup 3f2a9c1 on main: 4,800 updated, 3 added, 1 soft-deleted
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Read 2026-11-18 13:58 UTC, took 2 minutes

INCOMPLETE: this backup does not hold everything: 2 gaps.
  group.members: only partly read (12 objects). 403 Forbidden: Insufficient
    privileges to complete the operation. What was read
    2026-11-15 14:00 UTC, 5 days ago stands in for it.
  namedLocation: not collected. 503 Service Unavailable.

  type    objects
  users     6,012
  groups      310
  total     6,322

Warning: 1 object with values that this version does not know. They are never
  written over.
  conditionalAccessPolicy/00000009-1c2e-4f0e-9a53-2b7c1d0e4f6a:
    conditions.agents
`);
  });

  it('that is incomplete, as Markdown', () => {
    expect(
      renderSnapshot(snapshot({ coverage: PARTIAL }), MARKDOWN),
    ).toBe(`**Backup 3f2a9c1 on main: 4,800 updated, 3 added, 1 soft-deleted**

Tenant \`5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a\`  
Read 2026-11-18 13:58 UTC, took 2 minutes

**Incomplete:** this backup does not hold everything: 2 gaps.

- \`group.members\`: only partly read (12 objects). 403 Forbidden: Insufficient privileges to complete the operation. What was read 2026-11-15 14:00 UTC stands in for it.
- \`namedLocation\`: not collected. 503 Service Unavailable.

| type | objects |
| --- | ---: |
| \`user\` | 6,012 |
| \`group\` | 310 |

**Warning:** 1 object with values that this version does not know. They are never written over.

- \`conditionalAccessPolicy/00000009-1c2e-4f0e-9a53-2b7c1d0e4f6a\`: \`conditions.agents\`
`);
  });
});

describe('the list of backups', () => {
  it('in 80 columns', () => {
    expect(renderBackups(backups(), text(80))).toBe(`2 backups on main

commit   captured (UTC)    age             changed           objects  coverage
3f2a9c1  2026-11-20 14:02  33 minutes ago  4,800 updated, 3    6,322  INCOMPLETE
                                           added, 1
                                           soft-deleted
8d31f00  2026-11-18 14:00  2 days ago      no changes          6,322  complete
`);
  });

  it('in 200 columns', () => {
    expect(renderBackups(backups(), text(200))).toBe(`2 backups on main

commit   captured (UTC)    age             changed                                 objects  coverage
3f2a9c1  2026-11-20 14:02  33 minutes ago  4,800 updated, 3 added, 1 soft-deleted    6,322  INCOMPLETE
8d31f00  2026-11-18 14:00  2 days ago      no changes                                6,322  complete
`);
  });

  it('as Markdown', () => {
    expect(renderBackups(backups(), MARKDOWN)).toBe(`**2 backups** on \`main\`

| commit | captured (UTC) | changed | objects | coverage |
| --- | --- | --- | ---: | --- |
| \`3f2a9c1\` | 2026-11-20 14:02 | 4,800 updated, 3 added, 1 soft-deleted | 6,322 | INCOMPLETE |
| \`8d31f00\` | 2026-11-18 14:00 | no changes | 6,322 | complete |
`);
  });

  it('of which there are none', () => {
    const none = { ...backups(), backups: [] };
    expect(renderBackups(none, text())).toBe('There are no backups on main yet. Take one with: knowngood snapshot\n');
    expect(renderBackups(none, MARKDOWN)).toBe('There are no backups on main yet. Take one with: knowngood snapshot\n');
  });
});

describe('an apply', () => {
  it('that is complete', () => {
    expect(renderApply(applied(), text())).toBe(`Plan 4f9c2e118a07 for tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Started 2026-11-20 14:40 UTC, took 3 minutes; 4,817 requests changed the tenant

Verified: 4,803 objects were read again; they are as planned.

Recorded as 8d31f00 on recoveries.

Apply complete! 2 restored, 0 recreated, 4800 updated, 0 soft-deleted; 12 links added, 3 removed. 0 failed, 0 skipped.
`);
  });

  it('names what was no part of the plan', () => {
    const { summary } = plan();
    const of = (blocked: number, kept: number) => plan({ summary: { ...summary, blocked, kept } });
    const told = (made: Plan, options = text(120)) => renderApply(applied(), options, made);
    const line = 'Not in the plan: 48 differences that are blocked, 1 object that is kept.';
    expect(told(of(48, 1))).toContain(`${line} To see them, type: knowngood diff 3f2a9c1\n`);
    expect(told(of(48, 1), MARKDOWN)).toContain(`${line} To see them, type: \`knowngood diff 3f2a9c1\``);
    expect(told(of(0, 0))).not.toContain('Not in the plan');
  });

  it('that is incomplete', () => {
    expect(
      renderApply(appliedInPart(), text(), plan()),
    ).toBe(`Plan 4f9c2e118a07 for tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Started 2026-11-20 14:40 UTC, took 3 minutes; 4,817 requests changed the tenant

Apply incomplete. 2 restored, 0 recreated, 4783 updated, 0 soft-deleted; 12 links added, 3 removed. 2 failed, 15 skipped.

Failed: 2 actions
  403 Authorization_RequestDenied: Insufficient privileges. (2 updates)
      Grace Lovelace   user/00000001-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Edsger Lovelace  user/00000002-1c2e-4f0e-9a53-2b7c1d0e4f6a

Skipped: 15 actions
  accountEnabled is no longer what the plan was made from. (15 updates)
      Ada Hopper        user/0000000a-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Grace Hopper      user/0000000b-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Edsger Hopper     user/0000000c-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Barbara Hopper    user/0000000d-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Alan Hopper       user/0000000e-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Frances Hopper    user/0000000f-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Ken Hopper        user/00000010-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Radia Hopper      user/00000011-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Linus Hopper      user/00000012-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Margaret Hopper   user/00000013-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Ada Dijkstra      user/00000014-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Grace Dijkstra    user/00000015-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Edsger Dijkstra   user/00000016-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Barbara Dijkstra  user/00000017-1c2e-4f0e-9a53-2b7c1d0e4f6a
      Alan Dijkstra     user/00000018-1c2e-4f0e-9a53-2b7c1d0e4f6a

Refused, while the rest of the object was written: 1 value
  accountEnabled: Only a privileged administrator may change it. (1 update)
      Ada Turing  user/00000028-1c2e-4f0e-9a53-2b7c1d0e4f6a

Verified: 4,803 objects were read again; the rest is as planned.

1 link had come back with a restored object; nothing had to be written.
Recorded as 8d31f00 on recoveries.
For a new plan of what is left, type: knowngood plan --to 3f2a9c1 -o FILE
`);
  });

  it('says where the rest is: a plan cannot be applied twice to see it', () => {
    const [first] = appliedInPart().results;
    if (first === undefined) throw new Error('There is no result.');
    const results = Array.from({ length: 30 }, (_, n) => ({ ...first, object: key('user', n), label: person(n) }));
    const file = `8d31f00:recoveries/${applied().plan}/result.json`;
    expect(renderApply(applied({ results }), text(200))).toContain(`more (git show ${file} lists all)\n`);
    expect(renderApply(applied({ results }), MARKDOWN)).toContain(`, and 10 more (git show ${file} lists all)\n`);
    const { recorded: _, ...unrecorded } = applied({ results });
    expect(renderApply(unrecorded, text())).toContain('more (--json lists all)\n');
  });

  it('that is incomplete, as Markdown', () => {
    expect(
      renderApply(appliedInPart(), MARKDOWN, plan()),
    ).toBe(`**Apply incomplete. 2 restored, 0 recreated, 4783 updated, 0 soft-deleted; 12 links added, 3 removed. 2 failed, 15 skipped.**

Plan \`4f9c2e118a07\` for tenant \`5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a\`  
Started 2026-11-20 14:40 UTC, took 3 minutes; 4,817 requests changed the tenant

### Failed: 2 actions

- 403 Authorization\\_RequestDenied: Insufficient privileges. (2 updates): \`Grace Lovelace\`, \`Edsger Lovelace\`

### Skipped: 15 actions

- accountEnabled is no longer what the plan was made from. (15 updates): \`Ada Hopper\`, \`Grace Hopper\`, \`Edsger Hopper\`, \`Barbara Hopper\`, \`Alan Hopper\`, \`Frances Hopper\`, \`Ken Hopper\`, \`Radia Hopper\`, \`Linus Hopper\`, \`Margaret Hopper\`, \`Ada Dijkstra\`, \`Grace Dijkstra\`, \`Edsger Dijkstra\`, \`Barbara Dijkstra\`, \`Alan Dijkstra\`

### Refused, while the rest of the object was written: 1 value

- accountEnabled: Only a privileged administrator may change it. (1 update): \`Ada Turing\`

Verified: 4,803 objects were read again; the rest is as planned.

1 link had come back with a restored object; nothing had to be written.  
Recorded as \`8d31f00\` on recoveries.  
For a new plan of what is left, type: \`knowngood plan --to 3f2a9c1 -o FILE\`
`);
  });
});
