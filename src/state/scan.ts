/**
 * Reads canonical YAML fast. It understands only what emit.ts writes, and believes itself only where emitting the value
 * again gives the same bytes: then the `yaml` package would read the same value, because emitting was proven against it.
 * Whatever else a file holds, a person's edit for example, is left to that package.
 */

import { isJsonObject, type Json, type JsonObject } from '../model/json.js';
import { emitMembers } from './emit.js';

/** The object that a canonical file holds; undefined when the text is not byte for byte canonical. */
export function scanCanonical(text: string): JsonObject | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lines = text.split('\n');
  lines.pop();
  try {
    const value = blockAt({ lines, at: 0 }, 0);
    return isJsonObject(value) && emitMembers(value, '') === text ? value : undefined;
  } catch {
    return undefined;
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/;

/** The lines of a file, and the one that is read next. */
interface Cursor {
  readonly lines: string[];
  at: number;
}

/** The mapping or sequence whose lines are indented by exactly this much. */
function blockAt(cursor: Cursor, indent: number): Json {
  return lineAt(cursor, indent)?.startsWith('- ') ? itemsAt(cursor, indent) : membersAt(cursor, indent);
}

/** The rest of the current line when it is indented by exactly this much. */
function lineAt({ lines, at }: Cursor, indent: number): string | undefined {
  const line = lines[at];
  if (line === undefined || !line.startsWith(' '.repeat(indent)) || line[indent] === ' ') return undefined;
  return line.slice(indent);
}

function membersAt(cursor: Cursor, indent: number): JsonObject {
  const members: [string, Json][] = [];
  for (let line = lineAt(cursor, indent); line !== undefined; line = lineAt(cursor, indent)) {
    const end = keyEnd(line);
    const name = end < 0 ? undefined : scalarOf(line.slice(0, end));
    if (typeof name !== 'string') throw new SyntaxError('not canonical');
    cursor.at += 1;
    const rest = line.slice(end + 1);
    members.push([name, rest === '' ? blockAt(cursor, indent + 2) : scalarOf(rest.slice(1))]);
  }
  return Object.fromEntries(members);
}

function itemsAt(cursor: Cursor, indent: number): Json[] {
  const items: Json[] = [];
  for (let line = lineAt(cursor, indent); line?.startsWith('- '); line = lineAt(cursor, indent)) {
    const rest = line.slice(2);
    if (rest.startsWith('- ') || keyEnd(rest) >= 0) {
      cursor.lines[cursor.at] = `${' '.repeat(indent + 2)}${rest}`;
      items.push(blockAt(cursor, indent + 2));
    } else {
      cursor.at += 1;
      items.push(scalarOf(rest));
    }
  }
  return items;
}

/** Where the colon after a key stands; negative when the text does not begin with a key. */
function keyEnd(text: string): number {
  if (!text.startsWith('"')) {
    const inside = text.indexOf(': ');
    return inside >= 0 ? inside : text.endsWith(':') ? text.length - 1 : -1;
  }
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return text[at + 1] === ':' ? at + 1 : -1;
  }
  return -1;
}

function scalarOf(text: string): Json {
  if (text.startsWith('"') || NUMBER.test(text)) return JSON.parse(text) as Json;
  switch (text) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case '[]':
      return [];
    case '{}':
      return {};
    default:
      return text;
  }
}
