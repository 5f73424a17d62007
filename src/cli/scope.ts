/** The flags that say what a comparison or a plan is about; `diff` and `plan` have the same. */

import { boolean, string } from '@oclif/core/flags';
import type { ScopeRequest } from '../scope.js';

const scope = { helpGroup: 'SCOPE' } as const;
const repeatable = { ...scope, multiple: true, multipleNonGreedy: true } as const;

export const scopeFlags = {
  type: string({ ...repeatable, summary: 'Only objects of this type.', helpValue: 'TYPE' }),
  target: string({ ...repeatable, summary: 'Only this object.', helpValue: 'TYPE/ID' }),
  'allow-delete': boolean({
    ...scope,
    summary: 'Consider deletes, of every type: objects that the desired state does not hold go to the recycle bin.',
  }),
  'allow-delete-type': string({ ...repeatable, summary: 'Consider deletes of this type.', helpValue: 'TYPE' }),
};

export interface ScopeFlags {
  readonly type?: readonly string[] | undefined;
  readonly target?: readonly string[] | undefined;
  readonly 'allow-delete': boolean;
  readonly 'allow-delete-type'?: readonly string[] | undefined;
}

export function scopeOf(flags: ScopeFlags): ScopeRequest {
  return {
    ...(flags.type === undefined ? {} : { types: flags.type }),
    ...(flags.target === undefined ? {} : { targets: flags.target }),
    ...(flags['allow-delete'] ? { allowDelete: true } : {}),
    ...(flags['allow-delete-type'] === undefined ? {} : { allowDeleteTypes: flags['allow-delete-type'] }),
  };
}
