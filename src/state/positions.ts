/** Where in a YAML file a value stands, for people. */

import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Violation } from '../registry/types.js';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/**
 * Where a path leads: to the key of a member, or its value where that stands in the same line; to the item of a list; or to
 * the nearest value around it.
 */
export function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
  of: 'key' | 'value' = 'key',
): Position {
  const key = positionAt(lines, offsetOf(document, path));
  const value = of === 'key' ? key : positionAt(lines, offsetOf(document, path, 'value'));
  return value.line === key.line ? value : key;
}

/** Where a value does not fit: a key that there should not be, else the value. */
export function positionOfViolation(
  document: Document,
  lines: LineCounter,
  { rule, path }: Pick<Violation, 'rule' | 'path'>,
): Position {
  return positionOf(document, lines, path, rule === 'additionalProperties' ? 'key' : 'value');
}

/** The same as `positionOf`, as an offset into the text. */
export function offsetOf(document: Document, path: readonly (string | number)[], of: 'key' | 'value' = 'key'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return of === 'key' || path.length === 0 ? offset : (startOf(node) ?? offset);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
