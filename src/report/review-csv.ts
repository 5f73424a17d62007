/** A difference report and a plan as rows of a spreadsheet: every difference, action, blocked and kept object. */

import type { DifferenceReport, ReportedChange, ReportedValue } from '../model/documents.js';
import type { Json } from '../model/json.js';
import { type ObjectKey, typeOf } from '../model/object.js';
import { type Action, type Blocked, isLinkAction, type Kept, type Plan } from '../model/plan.js';
import { type CsvCell, csvDocument, csvValue } from './csv.js';
import { factsText, remedyOfKept, sinceText } from './kept.js';
import { leafDifferences } from './leaves.js';
import { lookup, type Names } from './values.js';

/** What a row says beside the object it is about. */
interface Row {
  readonly kind: 'difference' | 'action' | 'blocked' | 'kept';
  readonly object: ObjectKey;
  readonly label: string;
  readonly n?: number;
  readonly phase?: string;
  readonly action?: string;
  readonly path?: string;
  /** `set`: the value as a whole. `add`, `remove`: one item of a set, as recovery changes it. */
  readonly change?: 'set' | 'add' | 'remove';
  readonly live?: Json | undefined;
  readonly desired?: Json | undefined;
  /** Id of the target of a link. Of it, or of a value that is an id, the name is told beside. */
  readonly target?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly remedy?: string;
}

const COLUMNS = ['kind', 'action', 'type', 'object', 'label', 'path', 'change', 'live', 'desired'] as const;
const REST = ['target', 'name', 'code', 'reason', 'remedy'] as const;
const ORDER = ['step', 'phase'] as const;

/** One row for each differing value, set item and link, then for each blocked and kept object. */
export function differenceCsv(report: DifferenceReport): string {
  const names = lookup(report.names);
  const rows = [...report.changes.flatMap(changeRows), ...standingRows(report.blocked, report.kept)];
  return csvDocument(
    [...COLUMNS, ...REST],
    rows.map((row) => [...cells(row), ...rest(row, names)]),
  );
}

/** One row for each action and, below it, for each value it writes; then for each blocked and kept object. */
export function planCsv(plan: Plan): string {
  const targets = new Map(plan.actions.filter(isLinkAction).map((action) => [action.target, action.targetLabel]));
  const names = lookup(plan.names, targets);
  const rows = [...plan.actions.flatMap(actionRows), ...standingRows(plan.blocked, plan.kept)];
  return csvDocument(
    [...ORDER, ...COLUMNS, ...REST],
    rows.map((row) => [row.n, row.phase, ...cells(row), ...rest(row, names)]),
  );
}

function cells(row: Row): CsvCell[] {
  const { kind, action, object, label, path, change } = row;
  return [kind, action, typeOf(object), object, label, path, change, csvValue(row.live), csvValue(row.desired)];
}

function rest({ target, live, desired, code, reason, remedy }: Row, names: Names): CsvCell[] {
  const id = target ?? desired ?? live;
  return [target, typeof id === 'string' ? names(id) : undefined, code, reason, remedy];
}

function changeRows({ object, label, action, values, links }: ReportedChange): Row[] {
  const base = { kind: 'difference', object, label } as const;
  const linkRows = links.flatMap(({ link, add, remove }): Row[] => [
    ...add.map((target): Row => ({ ...base, action: 'link', path: link, target })),
    ...remove.map((target): Row => ({ ...base, action: 'unlink', path: link, target })),
  ]);
  if (action === 'links') return linkRows;
  const valueRows = values.flatMap((value) => valueRow({ ...base, action }, value));
  // A restore and a soft-delete are differences without any value.
  return [...(valueRows.length === 0 ? [{ ...base, action }] : valueRows), ...linkRows];
}

function valueRow(base: Omit<Row, 'path'>, value: ReportedValue): Row[] {
  const { path, add, remove } = value;
  if (add === undefined && remove === undefined) {
    return [{ ...base, path, change: 'set', live: value.live, desired: value.desired }];
  }
  return [
    ...(add ?? []).map((item): Row => ({ ...base, path, change: 'add', desired: item })),
    ...(remove ?? []).map((item): Row => ({ ...base, path, change: 'remove', live: item })),
  ];
}

function actionRows(action: Action): Row[] {
  const { n, phase, object, label } = action;
  const base = { kind: 'action', n, phase, object, label, action: action.action } as const;
  const values = (action.set ?? []).flatMap((value) =>
    leafDifferences(value.path, value.live, value.desired).flatMap((leaf) => valueRow(base, leaf)),
  );
  if (isLinkAction(action)) return [{ ...base, path: action.link, target: action.target }, ...values];
  const links = (action.links ?? []).map(({ link, target }): Row => ({ ...base, path: link, target }));
  // An update is its values; a restore and a soft-delete are something without any.
  return action.action === 'update' ? values : [base, ...values, ...links];
}

function standingRows(blocked: readonly Blocked[], kept: readonly Kept[]): Row[] {
  return [
    ...blocked.map((item): Row => ({ kind: 'blocked', ...item })),
    ...kept.map(
      (item): Row => ({
        kind: 'kept',
        object: item.object,
        label: item.label,
        reason: [sinceText(item), factsText(item)].filter((text) => text !== '').join(': '),
        remedy: remedyOfKept([item]),
      }),
    ),
  ];
}
