/** Git objects and packs, written without git: an object's id is known before git has seen it. */

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export type ObjectKind = 'commit' | 'tree' | 'blob';

/** Numbers of the pack format, version 2. */
const KINDS: Readonly<Record<ObjectKind, number>> = { commit: 1, tree: 2, blob: 3 };
const SLAB = 1 << 20;

/** A pack that grows in memory. */
export interface Pack {
  readonly count: number;
  /** Bytes so far, compressed. */
  readonly size: number;
  add(kind: ObjectKind, content: Uint8Array): void;
  /** The whole pack, header and checksum included. The pack must not be used afterwards. */
  finish(): Buffer[];
}

/** Id of a git object: SHA-1 of its kind, length and content. */
export function objectId(kind: ObjectKind, content: Uint8Array): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

export function createPack(): Pack {
  const slabs: Buffer[] = [];
  let slab = Buffer.allocUnsafe(0);
  let used = 0;
  let count = 0;
  let size = 0;

  function append(bytes: Uint8Array): void {
    size += bytes.length;
    if (used + bytes.length > slab.length) {
      if (used > 0) slabs.push(slab.subarray(0, used));
      slab = Buffer.allocUnsafe(Math.max(SLAB, bytes.length));
      used = 0;
    }
    slab.set(bytes, used);
    used += bytes.length;
  }

  return {
    get count() {
      return count;
    },
    get size() {
      return size;
    },
    add(kind, content) {
      append(entryHeader(kind, content.length));
      append(compress(content));
      count += 1;
    },
    finish() {
      if (used > 0) slabs.push(slab.subarray(0, used));
      const chunks = [packHeader(count), ...slabs];
      const checksum = createHash('sha1');
      for (const chunk of chunks) checksum.update(chunk);
      return [...chunks, checksum.digest()];
    },
  };
}

/**
 * The fastest level; git compresses better when it repacks. Small objects, of which there are many, get output buffers and
 * windows of their size: making the large ones would take longer than filling them.
 */
function compress(content: Uint8Array): Buffer {
  return deflateSync(content, content.length < SMALL ? FOR_SMALL : FOR_LARGE);
}

const SMALL = 4096;
const FOR_SMALL = { level: 1, chunkSize: 1024, windowBits: 12, memLevel: 5 } as const;
const FOR_LARGE = { level: 1, chunkSize: 1 << 16 } as const;

function packHeader(count: number): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

/** Kind and uncompressed length: four bits of length in the first byte, seven in each that follows, lowest first. */
function entryHeader(kind: ObjectKind, length: number): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(length / 16);
  let byte = (KINDS[kind] << 4) | (length % 16);
  while (rest > 0) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
    rest = Math.floor(rest / 128);
  }
  bytes.push(byte);
  return Buffer.from(bytes);
}
