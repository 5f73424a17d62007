/** Which commit a revision means: in git's words, or as a date. */

import { nearest } from './model/nearest.js';
import { Failure } from './model/problem.js';
import { backupFacts, CAPTURED } from './state/trailers.js';
import type { StateRepository } from './state/types.js';
import type { Workspace } from './workspace.js';

/** A day, a minute, a second or a fraction of one; UTC unless it says otherwise. */
const DATE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** The last moment (milliseconds) of the day, minute or second that a text names; undefined when it names none. */
function endOf(text: string): number | undefined {
  const [, day, minute, second, fraction, zone = 'Z'] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const clock = `${minute ?? '23:59'}:${second ?? '59'}.${(fraction ?? '999').padEnd(3, '0').slice(0, 3)}`;
  return Date.parse(`${day}T${clock}${zone}`);
}

/** Full commit id of a revision in git's words, or of the last backup at or before a date (UTC unless it says otherwise). */
export async function commitOf(
  workspace: { readonly repository: StateRepository; readonly config: Pick<Workspace['config'], 'branch'> },
  revision: string,
): Promise<string> {
  const { repository, config } = workspace;
  const limit = endOf(revision);
  if (limit !== undefined) {
    const day = Number(revision.slice(8, 10));
    if (Number.isNaN(limit) || new Date(`${revision.slice(0, 10)}T00:00:00Z`).getUTCDate() !== day)
      throw await noRevision(repository, revision);
    const commits = await repository.log(`refs/heads/${config.branch}`, { trailer: CAPTURED });
    const found = commits.find((commit) => Date.parse(backupFacts(commit)?.captured.end ?? '') <= limit);
    if (found !== undefined) return found.id;
    const oldest = commits.at(-1);
    const since = oldest === undefined ? undefined : backupFacts(oldest)?.captured.end;
    const first =
      since === undefined
        ? ''
        : `The oldest is ${oldest?.id.slice(0, 7)}, taken at ${since.slice(0, 16).replace('T', ' ')} UTC. `;
    throw new Failure({
      code: 'KG131',
      message: `There is no backup on ${config.branch} at or before ${revision}.`,
      remedy: `${first}List the backups with \`knowngood backups\`.`,
    });
  }
  const commit = await repository.resolve(revision);
  if (commit === undefined) throw await noRevision(repository, revision);
  return commit;
}

async function noRevision(repository: StateRepository, revision: string): Promise<Failure> {
  const near = nearest(revision, ['HEAD', ...(await repository.names())]);
  const guess = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `;
  return new Failure({
    code: 'KG130',
    message: `There is no revision ${JSON.stringify(revision)}.`,
    where: 'REV',
    remedy: `${guess}Give a commit, tag, branch or date (UTC); \`knowngood backups\` lists the backups.`,
  });
}
