/**
 * Recorded answers on disk: one file of bytes, one index. A recording may lie over another, whose answers it then changes.
 * A page is an answer as it is; an item is an answer within a `$batch`, without its id.
 */

import { closeSync, createReadStream, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Stands for the server's own origin in links; every port that a system hands out has five digits. */
export const ORIGIN = 'http://127.0.0.1:00000';
const PORT_AT = ORIGIN.length - 5;
const FLUSH_AT = 1 << 22;

export const pageKey = (url) => `p ${url}`;
export const itemKey = (url) => `i ${url}`;

/** Writes a recording: `<file>.bin` and `<file>.jsonl`. */
export function createRecording(file) {
  const data = buffered(`${file}.bin`);
  const index = buffered(`${file}.jsonl`);
  const known = new Set();
  return {
    has: (key) => known.has(key),
    add(key, bytes) {
      if (known.has(key)) return;
      known.add(key);
      const entry = [key, data.size(), bytes.length];
      for (let at = bytes.indexOf(ORIGIN); at >= 0; at = bytes.indexOf(ORIGIN, at + 1)) entry.push(at + PORT_AT);
      data.write(bytes);
      index.write(Buffer.from(`${JSON.stringify(entry)}\n`));
    },
    close() {
      data.close();
      index.close();
    },
  };
}

function buffered(path) {
  const file = openSync(path, 'w');
  let parts = [];
  let waiting = 0;
  let size = 0;
  const flush = () => {
    for (let bytes = Buffer.concat(parts), at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    parts = [];
    waiting = 0;
  };
  return {
    size: () => size,
    write(bytes) {
      parts.push(bytes);
      waiting += bytes.length;
      size += bytes.length;
      if (waiting >= FLUSH_AT) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** Opens a recording for reading. */
export async function openRecording(file) {
  const data = openSync(`${file}.bin`, 'r');
  const index = new Map();
  for await (const line of createInterface({ input: createReadStream(`${file}.jsonl`), crlfDelay: Infinity })) {
    const [key, ...place] = JSON.parse(line);
    index.set(key, place);
  }
  return {
    bytes: fstatSync(data).size,
    keys: () => index.keys(),
    has: (key) => index.has(key),
    /** The bytes of an answer, with links to this port; undefined when it was not recorded. */
    read(key, port) {
      const place = index.get(key);
      if (place === undefined) return undefined;
      const [offset, length, ...ports] = place;
      const bytes = Buffer.allocUnsafe(length);
      readSync(data, bytes, 0, length, offset);
      if (port !== undefined) for (const at of ports) bytes.write(String(port), at, 'latin1');
      return bytes;
    },
    close: () => closeSync(data),
  };
}
