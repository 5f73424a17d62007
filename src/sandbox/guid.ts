/** GUIDs for new objects and for tenants. */
import { createHash } from 'node:crypto';

/** A version 4 GUID in lower case from the given source of randomness (numbers from 0 up to 1). */
export function newGuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = '89ab'[Math.floor(random() * 4)] ?? '8';
  return dashed(digits.join(''));
}

/** An id without meaning, as grants and assignments have them: 43 characters of base64url. */
export function newOpaqueId(random: () => number): string {
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256))).toString('base64url');
}

/** The GUID that belongs to a text: always the same for the same text. */
export function guidOf(text: string): string {
  const digits = [...createHash('sha256').update(text).digest('hex').slice(0, 32)];
  digits[12] = '5';
  digits[16] = '8';
  return dashed(digits.join(''));
}

const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
