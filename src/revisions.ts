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

/** What a person may have meant as a date: a day, perhaps with a time. */
const ALMOST_DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d|-)(?:[T ]*(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(.*)$/i;

/** What is wrong with a text that looks like a date; undefined where nothing is, or where it looks like something else. */
export function wrongDate(text: string): Failure | undefined {
  const [, year = '', month = '', day = '', hour, minute, second, zone = ''] = ALMOST_DATE.exec(text) ?? [];
  if (year === '') return undefined;
  const fail = (message: string, remedy: string) =>
    new Failure({
      code: 'KG130',
      message: `${JSON.stringify(text)} looks like a date, but ${message}.`,
      where: 'REV',
      remedy,
    });
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12) return fail(`there is no month ${month}`, EXAMPLES);
  if (Number(day) < 1 || Number(day) > days) return fail(`${year}-${month} has no day ${day}`, EXAMPLES);
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59)
    return fail('there is no such time of the day', EXAMPLES);
  if (DATE.test(text) && !Number.isNaN(endOf(text))) return undefined;
  const clock =
    hour === undefined ? '' : `T${hour.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`;
  const meant = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${clock}${zone === '' ? '' : 'Z'}`;
  // Of what follows only a word for UTC is understood: a guess without the rest would be another moment.
  const guess = /^(?:z|utc|gmt)?$/i.test(zone) ? `Did you mean ${meant}? ` : '';
  return fail('is not written as one', `${guess}${EXAMPLES}`);
}

const EXAMPLES =
  'Write a day (2026-11-18), or a day, T and a time (2026-11-18T14:00), in UTC or with an offset (+01:00).';

/** Full commit id of a revision in git's words, or of the last backup at or before a date (UTC unless it says otherwise). */
export async function commitOf(
  workspace: { readonly repository: StateRepository; readonly config: Pick<Workspace['config'], 'branch'> },
  revision: string,
): Promise<string> {
  const { repository, config } = workspace;
  const wrong = wrongDate(revision);
  if (wrong !== undefined) {
    const named = await repository.resolve(revision);
    if (named === undefined) throw wrong;
    return named;
  }
  const limit = endOf(revision);
  if (limit !== undefined) {
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
