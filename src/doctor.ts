/** Looks for what would keep backups and recoveries from working. Reads only. */

import { openTenant, type Tenant } from './connection.js';
import { administratorsCheck } from './doctor/administrators.js';
import { clockCheck, gitCheck } from './doctor/here.js';
import { type Known, know, signInCheck } from './doctor/identities.js';
import { excessCheck, permissionCheck, permissionRows } from './doctor/permissions.js';
import { hardDeletionCheck, nativeBackupsCheck, nativeJobsCheck, policyBinCheck } from './doctor/protection.js';
import { type Answered, askForAll, organizationQuestion, textIn } from './doctor/questions.js';
import { kindCheck, licenceCheck, quotaCheck } from './doctor/tenant-checks.js';
import { changesSomething } from './identity/permissions.js';
import { hasOwnApplyIdentity, type Purpose } from './identity/sources.js';
import { CHECK_AREAS, CHECK_STATUSES, type Check, type DoctorReport, type SignedIn } from './model/doctor.js';
import type { JsonObject } from './model/json.js';
import { Failure } from './model/problem.js';
import { gitVersion } from './state/git.js';
import { TOOL_VERSION } from './version.js';
import type { Workspace } from './workspace.js';

const NOBODY: SignedIn = {
  kind: null,
  because: null,
  who: null,
  appId: null,
  name: null,
  objectId: null,
  expires: null,
  permissions: null,
};

/**
 * What is in order, what is not, and what cannot be told. A sign-in that fails is a finding; what is wrong with the repository
 * itself is a Failure, as everywhere.
 */
export async function examine(workspace: Workspace): Promise<DoctorReport> {
  const { env, clock } = workspace.surroundings;
  const ownWriter = hasOwnApplyIdentity(env);
  const reader = await attempt(workspace, 'read');
  const writer = ownWriter ? await attempt(workspace, 'apply') : undefined;
  try {
    const found = [gitCheck(await gitVersion(workspace.root), await workspace.repository.identity())];
    const client = ('tenant' in reader ? reader : writer && 'tenant' in writer ? writer : undefined)?.tenant.client;
    const asked = client === undefined ? undefined : await askForAll(client, organizationQuestion);
    const organization: Answered<JsonObject> | undefined =
      asked === undefined || 'why' in asked ? asked : { value: asked.value[0] ?? {} };
    found.push(...(await backupChecks(workspace, reader)), ...(await recoveryChecks(workspace, reader, writer)));
    if (client !== undefined && organization !== undefined) {
      found.push(kindCheck(organization), licenceCheck(organization), await quotaCheck(client));
      found.push(
        await hardDeletionCheck(client),
        await policyBinCheck(client, workspace.config.cloud),
        await nativeBackupsCheck(client, clock()),
        await nativeJobsCheck(client),
      );
    }
    const checks = CHECK_AREAS.flatMap((area) => found.filter((check) => check.area === area));
    const holders = [reader, writer ?? reader].map((side) => ('known' in side ? side.known.holder : UNKNOWN));
    return {
      format: 1,
      kind: 'doctor',
      tool: TOOL_VERSION,
      checkedAt: clock().toISOString(),
      tenant: {
        id: 'tenant' in reader ? reader.tenant.id : workspace.config.tenant,
        name:
          organization !== undefined && 'value' in organization
            ? (textIn(organization.value, 'displayName') ?? null)
            : null,
        cloud: workspace.config.cloud,
      },
      reading: 'known' in reader ? reader.known.signedIn : NOBODY,
      writing: writer === undefined ? null : 'known' in writer ? writer.known.signedIn : NOBODY,
      permissions: permissionRows(workspace.types, holders[0] ?? UNKNOWN, holders[1]),
      checks,
      counts: counted(checks),
    };
  } finally {
    // The first one may serve the sandbox that the second one asks.
    for (const side of [writer, reader]) if (side !== undefined && 'tenant' in side) await side.tenant.close();
  }
}

const UNKNOWN = { permissions: undefined, ofPerson: false };

type Side = { readonly tenant: Tenant; readonly known: Known } | { readonly failure: Failure };

/** Opens the tenant; a failure of it is what was found. */
async function attempt(workspace: Workspace, purpose: Purpose): Promise<Side> {
  try {
    const tenant = await openTenant(workspace, undefined, purpose);
    const { connection, client } = tenant;
    return { tenant, known: await know(client, await connection.token(), connection.identity) };
  } catch (failure) {
    if (!(failure instanceof Failure) || workspace.surroundings.signal.aborted) throw failure;
    return { failure };
  }
}

async function backupChecks(workspace: Workspace, reader: Side): Promise<Check[]> {
  if ('failure' in reader) return [failedSignIn('backup', reader.failure)];
  const { tenant, known } = reader;
  const rows = permissionRows(workspace.types, known.holder, undefined);
  return [
    clockCheck(tenant.ahead()),
    signInCheck('backup', known),
    permissionCheck(workspace.types, rows, 'read', known.holder),
    ...(known.holder.everything ? [] : [excessCheck(known.holder)]),
  ];
}

async function recoveryChecks(workspace: Workspace, reader: Side, writer: Side | undefined): Promise<Check[]> {
  if (writer !== undefined && 'failure' in writer) return [failedSignIn('recovery', writer.failure)];
  const side = writer ?? reader;
  if ('failure' in side) return [];
  const { tenant, known } = side;
  const canWrite = [...(known.holder.permissions ?? [])].some(changesSomething);
  if (writer === undefined && known.holder.permissions !== undefined && !canWrite) {
    return [noWriter(), await administratorsCheck(tenant.client, undefined)];
  }
  const rows = permissionRows(workspace.types, known.holder, known.holder);
  return [
    ...(writer === undefined ? [] : [signInCheck('recovery', known)]),
    permissionCheck(workspace.types, rows, 'write', known.holder),
    await administratorsCheck('tenant' in reader ? reader.tenant.client : tenant.client, known.roles),
  ];
}

/** A pipeline that takes backups has no business with the writing identity: that it is not there is no fault. */
function noWriter(): Check {
  return {
    id: 'recovery.sign-in',
    area: 'recovery',
    title: 'Sign-in',
    status: 'unknown',
    message: 'No writing identity is set up here, and the reading one can change nothing: `apply` would be refused.',
    remedy:
      'Run `knowngood doctor` where `knowngood apply` runs, with KNOWNGOOD_APPLY_CLIENT_ID set (docs/sign-in.md).',
  };
}

function failedSignIn(area: 'backup' | 'recovery', { code, message, where, remedy }: Failure): Check {
  return {
    id: `${area}.sign-in`,
    area,
    title: 'Sign-in',
    status: 'failed',
    code,
    message,
    ...(where === undefined ? {} : { details: [where] }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function counted(checks: readonly Check[]): DoctorReport['counts'] {
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  return Object.fromEntries(CHECK_STATUSES.map((status) => [status, count(status)])) as DoctorReport['counts'];
}
