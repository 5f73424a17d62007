/** What the errors of file systems mean, in words. */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EEXIST: 'there is something of that name already',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is not a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: 'the file is too large',
  EIO: 'the disk failed',
};

/** Codes that only writing can come to. */
const WRITING = new Set(['EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG']);
/** System calls that only writing makes. */
const CALLS = new Set([
  'mkdir',
  'mkdtemp',
  'write',
  'fsync',
  'fdatasync',
  'ftruncate',
  'link',
  'rename',
  'unlink',
  'rmdir',
]);

interface SystemError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
}

/** The reason in words that end a sentence; the system's own where there are none. */
export function reasonOf(error: unknown): string {
  const { code, message, syscall } = error as SystemError;
  if (code === 'ENOENT' && syscall === 'mkdir') return 'its folder cannot be made';
  if (code === 'ENOENT' && syscall === 'scandir') return 'its folder does not exist';
  return (typeof code === 'string' ? REASONS[code] : undefined) ?? message;
}

/** Whether something could not be written, whatever it was. */
export function isWriteError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as SystemError;
  if (typeof code !== 'string' || !Object.hasOwn(REASONS, code)) return false;
  return WRITING.has(code) || (typeof syscall === 'string' && CALLS.has(syscall));
}
