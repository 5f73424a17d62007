/** Graph is newer than the schemas: what it answers is backed up and believed; what a person writes must be valid. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import { acme } from '../support/acme.js';
import { sceneForTest } from '../support/scene.js';

const ODD = 'cccccccc-0000-4000-8000-00000000000d';
const FILE = `tenant-state/conditionalAccessPolicies/${ODD}.yaml`;

/** A policy with values that no schema of ours knows. */
const seed: TenantSeed = {
  ...acme,
  objects: [
    ...acme.objects,
    {
      collection: 'policies',
      object: {
        id: ODD,
        displayName: 'From the future',
        state: 'enabledOnTuesdays',
        createdDateTime: '2026-01-01T00:00:00Z',
        conditions: { users: { includeUsers: ['All'] }, insiderRiskLevels: 'minor,extreme', clientAppTypes: ['all'] },
        grantControls: { operator: 'OR', builtInControls: ['mfa'] },
        sessionControls: null,
      },
    },
  ],
};

describe('values that Graph has and the schema does not', () => {
  it('are backed up, compared and brought back like any other', async () => {
    const scene = await sceneForTest({ seed });
    await scene.run.snapshot();
    expect(await scene.run.snapshot()).toMatchObject({ changes: { updated: 0 }, coverage: { gaps: [] } });
    expect((await scene.run.diff()).changes).toEqual([]);
    await scene.graph('PATCH', `/identity/conditionalAccess/policies/${ODD}`, { displayName: 'Renamed' });
    const plan = await scene.run.plan();
    expect(plan.actions).toMatchObject([
      { action: 'update', set: [{ path: 'displayName', desired: 'From the future' }] },
    ]);
    expect(await scene.run.apply(plan)).toMatchObject({ status: 'complete' });
  });

  it('are an error where a person wrote them, with file, line and column', async () => {
    const scene = await sceneForTest({ seed });
    await scene.run.snapshot();
    const file = join(scene.root, FILE);
    writeFileSync(file, readFileSync(file, 'utf8').replace('enabledOnTuesdays', 'enabledOnMondays'));
    scene.git('-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', 'commit', '-qam', 'Mondays');
    await expect(scene.run.plan()).rejects.toMatchObject({
      code: 'KG202',
      where: expect.stringMatching(new RegExp(`${FILE}:4:8$`)),
    });
  });
});
