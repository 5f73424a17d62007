/** `sandbox incident`: what it does and how it is shown. */

import { nearest } from '../model/nearest.js';
import { EXIT, Failure } from '../model/problem.js';
import { paint, span, type TerminalStyle, wrap } from '../report/lines.js';
import { tableRows } from '../report/table.js';
import { counted } from '../report/words.js';
import type { Surroundings, Workspace } from '../workspace.js';

export interface IncidentList {
  readonly format: 1;
  readonly incidents: readonly { readonly name: string; readonly description: string }[];
}

export interface IncidentResult {
  readonly format: 1;
  readonly kind: 'incident';
  readonly incident: string;
  /** What was done, for people. */
  readonly summary: readonly string[];
  readonly requests: number;
}

export async function listIncidents(): Promise<IncidentList> {
  const { incidents } = await import('../sandbox/index.js');
  return { format: 1, incidents: incidents.map(({ name, description }) => ({ name, description })) };
}

export function renderIncidents({ incidents }: IncidentList, style: TerminalStyle): string {
  const columns = [
    { header: 'incident', whole: true },
    { header: 'what happens', flexible: true },
  ] as const;
  const rows = incidents.map(({ name, description }) => [span(name), span(description)]);
  return paint(tableRows(columns, rows, 0, style.width).flat(), style);
}

/** The name is checked before anything is opened, and who answers before anything is written. */
export async function causeIncident(
  name: string,
  inWorkspace: (work: (workspace: Workspace) => Promise<IncidentResult>) => Promise<IncidentResult>,
): Promise<IncidentResult> {
  const { incidents } = await import('../sandbox/index.js');
  const names = incidents.map((incident) => incident.name);
  if (!names.includes(name)) throw unknownIncident(name, names);
  return inWorkspace(async (workspace) => {
    const { config, surroundings } = workspace;
    if (config.tenant !== 'sandbox' && !surroundings.env.KNOWNGOOD_GRAPH_URL) throw realTenant(config.tenant);
    const { connect } = await import('../connection.js');
    const connection = await connect(workspace);
    try {
      const access = { url: connection.url, token: await connection.token() };
      await requireSandbox(access, workspace.config.tenant);
      return await run(name, access, workspace.surroundings);
    } finally {
      await connection.close();
    }
  });
}

interface Access {
  readonly url: string;
  readonly token: string;
}

async function run(name: string, access: Access, { progress }: Surroundings): Promise<IncidentResult> {
  const { runIncident } = await import('../sandbox/index.js');
  const onProgress = (done: number, total: number) => progress({ what: `Incident ${name}`, done, total });
  try {
    const { summary, requests } = await runIncident(name, { ...access, onProgress });
    return { format: 1, kind: 'incident', incident: name, summary, requests };
  } catch (cause) {
    throw new Failure({
      code: 'KG175',
      message: `The incident did not come to its end: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: access.url,
      remedy: 'Part of it may have happened; "knowngood diff" shows what.',
      cause,
    });
  }
}

/** Every answer of a sandbox names its tenant in a header; nothing else does. */
async function requireSandbox({ url, token }: Access, tenant: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  let named: string | null;
  try {
    const response = await fetch(`${url}/v1.0/organization?$select=id`, { headers, redirect: 'manual' });
    await response.body?.cancel();
    named = response.headers.get('x-knowngood-sandbox');
  } catch (cause) {
    throw unreachable(url, cause);
  }
  if (named === null) throw notASandbox(url);
  if (tenant !== 'sandbox' && named.toLowerCase() !== tenant) throw otherTenant(url, named, tenant);
}

export function renderIncident({ incident, summary, requests }: IncidentResult, style: TerminalStyle): string {
  const lines = [wrap(0, `Incident ${incident}:`), ...summary.map((line) => wrap(2, line))];
  return paint([...lines, wrap(0, `${counted(requests, 'request')}.`)], style);
}

function unknownIncident(name: string, names: readonly string[]): Failure {
  const near = nearest(name, names);
  const list = 'Type "knowngood sandbox incident --list" for the incidents there are.';
  return new Failure({
    code: 'KG170',
    message: `Unknown incident: ${name}`,
    remedy: near.length === 0 ? list : `Did you mean ${near.join(' or ')}? ${list}`,
  });
}

/** Told before a token is asked for: an incident has no business with one. */
function realTenant(tenant: string): Failure {
  return notASandbox(
    `tenant ${tenant}`,
    'Incidents are for sandbox tenants, and this repository is of another one. Nothing was done.',
  );
}

function notASandbox(
  url: string,
  message = 'Incidents are for sandbox tenants, and what answers here is none. Nothing was done.',
): Failure {
  return new Failure({
    code: 'KG171',
    message,
    where: url,
    remedy: 'Make a sandbox with "knowngood init DIR --tenant sandbox" and name it with -C.',
    exit: EXIT.refused,
  });
}

function otherTenant(url: string, found: string, expected: string): Failure {
  return new Failure({
    code: 'KG176',
    message: `The sandbox is of tenant ${found}, but knowngood.yaml names ${expected}. Nothing was done.`,
    where: url,
    remedy: 'Start the sandbox of this repository, or name the repository of that tenant with -C.',
    exit: EXIT.refused,
  });
}

function unreachable(url: string, cause: unknown): Failure {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  return new Failure({
    code: 'KG177',
    message: `The sandbox does not answer: ${reason}`,
    where: url,
    remedy: 'Start it with "knowngood sandbox start", or check KNOWNGOOD_GRAPH_URL.',
    cause,
  });
}
