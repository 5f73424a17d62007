/** What a backup says of itself, as trailers of its commit message: `git log` alone lists backups. */

import type { Captured, Coverage } from '../model/coverage.js';
import { escapeJson } from '../model/hidden.js';
import type { CommitDetails } from './types.js';

export const CAPTURED = 'Knowngood-Captured';

const READ = 'Knowngood-Read';

/** Trailers grow with trouble; objects beyond this number are left out. */
export const UNRECOGNISED_LIMIT = 1000;

export interface BackupFacts {
  readonly tenant: string;
  readonly captured: Captured;
  readonly coverage: Coverage;
  /** Digest of the schemas the backup was written with. */
  readonly schemas: string;
  /** Version of knowngood. */
  readonly version: string;
  /** Whether everything was read, or of some types only what had changed. Backups of earlier versions do not say. */
  readonly read?: 'full' | 'incremental';
}

/** The commit message of a backup. */
export function backupMessage(subject: string, facts: BackupFacts): string {
  const { types, gaps, unrecognised, excluded } = facts.coverage;
  const objects = Object.entries(types).map(([type, count]) => `${type}=${count}`);
  const complete = gaps.length === 0 && unrecognised.length === 0 && excluded === undefined;
  const lines = [
    `Knowngood-Tenant: ${facts.tenant}`,
    `${CAPTURED}: ${facts.captured.start}/${facts.captured.end}`,
    `Knowngood-Coverage: ${complete ? 'complete' : escapeJson(JSON.stringify({ gaps, unrecognised: unrecognised.slice(0, UNRECOGNISED_LIMIT), excluded }))}`,
    `Knowngood-Objects: ${objects.join(' ')}`,
    `Knowngood-Schemas: ${facts.schemas}`,
    `Knowngood-Version: ${facts.version}`,
    ...(facts.read === undefined ? [] : [`${READ}: ${facts.read}`]),
  ];
  return `${subject}\n\n${lines.join('\n')}\n`;
}

/** What a commit says of itself as a backup; undefined when it is none. */
export function backupFacts(commit: CommitDetails): BackupFacts | undefined {
  const trailer = (name: string) => commit.trailers.get(name)?.at(-1);
  const [start, end] = trailer(CAPTURED)?.split('/') ?? [];
  const tenant = trailer('Knowngood-Tenant');
  if (start === undefined || end === undefined || tenant === undefined) return undefined;
  const read = trailer(READ);
  return {
    ...(read === 'full' || read === 'incremental' ? { read } : {}),
    tenant,
    captured: { start, end },
    coverage: coverageOf(trailer('Knowngood-Coverage') ?? '', trailer('Knowngood-Objects') ?? ''),
    schemas: trailer('Knowngood-Schemas') ?? '',
    version: trailer('Knowngood-Version') ?? '',
  };
}

function coverageOf(coverage: string, objects: string): Coverage {
  const types: Record<string, number> = {};
  for (const word of objects.split(' ').filter((item) => item !== '')) {
    const at = word.lastIndexOf('=');
    types[word.slice(0, at)] = Number(word.slice(at + 1));
  }
  if (coverage === 'complete') return { types, gaps: [], unrecognised: [] };
  return { types, ...parsed(coverage) };
}

/** A coverage that cannot be read counts as a gap in everything: unknown is not complete. */
function parsed(coverage: string): Omit<Coverage, 'types'> {
  try {
    const { gaps, unrecognised, excluded } = JSON.parse(coverage) as Omit<Coverage, 'types'>;
    if (Array.isArray(gaps) && Array.isArray(unrecognised)) {
      return { gaps, unrecognised, ...(Array.isArray(excluded) ? { excluded } : {}) };
    }
  } catch {
    // Falls through: somebody rewrote the message.
  }
  return {
    gaps: [{ what: '*', status: 'partial', reason: 'The coverage of this backup cannot be read.' }],
    unrecognised: [],
  };
}

/** Whether a state holds every object of a type that there was: its list and its recycle bin were read whole. */
export function coversType(coverage: Coverage, type: string): boolean {
  if (!Object.hasOwn(coverage.types, type)) return false;
  return !coverage.gaps.some((gap) => gap.what === '*' || gap.what === type || gap.what === `${type}.deletedItems`);
}
