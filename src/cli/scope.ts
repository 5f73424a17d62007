/** The flags that say what a comparison or a plan is about; `diff` and `plan` have the same. */

import { boolean, string } from '@oclif/core/flags';
import type { ScopeRequest } from '../asked.js';
import { readTargetFile } from './target-file.js';

const scope = { helpGroup: 'SCOPE' } as const;
const repeatable = { ...scope, multiple: true, multipleNonGreedy: true } as const;

export const scopeFlags = {
  type: string({
    ...repeatable,
    summary: 'Only objects of this type; with --target, the targets must be of it.',
    helpValue: 'TYPE',
  }),
  target: string({
    ...repeatable,
    summary: 'Only this object, by its id or by a name that only it has.',
    helpValue: 'TYPE/ID',
  }),
  'target-file': string({
    ...scope,
    summary: 'Only the objects in this file, one on each line; - for standard input.',
    helpValue: 'FILE',
  }),
  exclude: string({
    ...repeatable,
    summary: 'Leave this object alone, and links to it, whatever else is asked for.',
    helpValue: 'TYPE/ID',
  }),
  'allow-delete': boolean({
    ...scope,
    summary: 'Consider deletes, of every type: objects that the desired state does not hold go to the recycle bin.',
  }),
  'allow-delete-type': string({ ...repeatable, summary: 'Consider deletes of this type.', helpValue: 'TYPE' }),
};

export interface ScopeFlags {
  readonly type?: readonly string[] | undefined;
  readonly target?: readonly string[] | undefined;
  readonly 'target-file'?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly 'allow-delete': boolean;
  readonly 'allow-delete-type'?: readonly string[] | undefined;
}

/** What the flags ask for; reads the file that they name. */
export async function scopeOf(flags: ScopeFlags): Promise<ScopeRequest> {
  const listed = flags['target-file'] === undefined ? [] : await readTargetFile(flags['target-file']);
  const targets = [...(flags.target ?? []), ...listed];
  return {
    ...(flags.type === undefined ? {} : { types: flags.type }),
    ...(targets.length === 0 ? {} : { targets }),
    ...(flags.exclude === undefined ? {} : { exclude: flags.exclude }),
    ...(flags['allow-delete'] ? { allowDelete: true } : {}),
    ...(flags['allow-delete-type'] === undefined ? {} : { allowDeleteTypes: flags['allow-delete-type'] }),
  };
}
