/** Words for what is recoverable: the same on a terminal, in Markdown and in a spreadsheet. */

import type {
  CoverageItem,
  CoverageTable,
  NativeCounts,
  Recoverability,
  TypeCoverage,
} from '../model/coverage-table.js';
import type { Tone } from './lines.js';
import { counted, thousands } from './words.js';

export const COVERAGE_WORDS: Readonly<Record<Recoverability, string>> = {
  recoverable: 'recoverable',
  'shown-only': 'shown only',
  context: 'information',
  'no-api': 'no API',
};

export const COVERAGE_TONES: Readonly<Record<Recoverability, Tone>> = {
  recoverable: 'good',
  'shown-only': 'warning',
  context: 'dim',
  'no-api': 'error',
};

export const COVERAGE_MEANINGS: Readonly<Record<Recoverability, string>> = {
  recoverable: 'kept, compared and written back by a plan.',
  'shown-only': 'kept and compared; a difference is told, with what a person can do, and never written.',
  context: 'kept and shown beside the rest, and never a difference.',
  'no-api': 'Microsoft Graph has no request for it: it cannot be kept.',
};

export const OFF_BY_DEFAULT = 'Off by default.';

/** Headers of the summary: the type, then one for each of `summaryCells`. */
export const SUMMARY_HEADERS = ['type', 'covered', 'recoverable', 'shown', 'info', 'no API', 'beyond'];

export function summaryCells({ native, beyond }: Pick<TypeCoverage, 'native' | 'beyond'>): string[] {
  const { total, recoverable, shownOnly, context, noApi } = native;
  return [total, recoverable, shownOnly, context, noApi, beyond].map(thousands);
}

export function totals(table: CoverageTable): Pick<TypeCoverage, 'native' | 'beyond'> {
  const sum = (count: (native: NativeCounts) => number) =>
    table.types.reduce((total, type) => total + count(type.native), 0);
  return {
    native: {
      total: sum((native) => native.total),
      recoverable: sum((native) => native.recoverable),
      shownOnly: sum((native) => native.shownOnly),
      context: sum((native) => native.context),
      noApi: sum((native) => native.noApi),
    },
    beyond: table.types.reduce((total, type) => total + type.beyond, 0),
  };
}

/** `Of 66 properties that Microsoft's own product covers, 64 can be recovered; 21 more go beyond it.` */
export function headline(table: CoverageTable): string {
  const { native, beyond } = totals(table);
  const covered = counted(native.total, 'property');
  const more = `${thousands(beyond)} more ${beyond === 1 ? 'goes' : 'go'} beyond it`;
  return `Of ${covered} that Microsoft's own product covers, ${thousands(native.recoverable)} can be recovered; ${more}.`;
}

/** Name in Graph, or what it is called in Microsoft's product. */
export function itemName(item: CoverageItem): string {
  return item.name ?? item.native ?? '';
}

/** Everything to know of an item beside its class: why, how, and which permissions its type does not need anyway. */
export function itemNotes(item: CoverageItem, type: TypeCoverage): string {
  const more = (own: readonly string[], all: readonly string[]) => own.filter((name) => !all.includes(name));
  const read = more(item.permissions.read, type.permissions.read);
  const write = more(item.permissions.write, [...type.permissions.update, ...type.permissions.delete]);
  return [
    // What holds for all of the type was said of the type.
    ...(item.reason === undefined || type.notes.includes(item.reason) ? [] : [item.reason]),
    ...(item.optional ? [OFF_BY_DEFAULT] : []),
    ...item.notes,
    ...(read.length > 0 ? [`To read it: ${read.join(', ')}.`] : []),
    ...(write.length > 0 ? [`To write it: ${write.join(', ')}.`] : []),
  ].join(' ');
}

/** What requests of a type need, one entry for each kind of request that there is. */
export function permissionRows({ permissions }: TypeCoverage): [string, readonly string[]][] {
  const rows: [string, readonly string[]][] = [
    ['read', permissions.read],
    ['write', permissions.update],
    ['delete', permissions.delete],
    ['restore', permissions.restore],
    ...permissions.some.map(({ objects, needed }): [string, readonly string[]] => [
      `write, delete or restore ${objects}, also`,
      needed,
    ]),
  ];
  return rows.filter(([, names]) => names.length > 0);
}
