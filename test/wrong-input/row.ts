/** What a row of the table of wrong input says. */

import type { Place } from './place.js';

export interface Row {
  /** The heading in docs/wrong-input.md. */
  readonly title: string;
  /** What was done, in a sentence. */
  readonly did: string;
  /** What is typed, in the state repository, after `knowngood`. */
  readonly typed: (place: Place) => readonly string[];
  /** Does what `did` says; what it returns is undone after the commands have ended. */
  readonly prepare?: (place: Place) => unknown;
  /** Besides the address of the sandbox; undefined takes a variable away. */
  readonly env?: (place: Place) => Readonly<Record<string, string | undefined>>;
  /** The folder in which it is typed; the state repository where it is not given. */
  readonly cwd?: (place: Place) => string;
  readonly exit: number;
  /** The code of the error; undefined where there is none, and the result says what is wrong. */
  readonly code?: string;
  /** What a shell does around the command, in a mount namespace of its own: `"$@"` is the command. */
  readonly around?: string;
  /** Where the text on stdout goes; only then JSON has nowhere to go either. */
  readonly stdout?: string;
  /** Says why this machine cannot do it. */
  readonly cannot?: () => string | undefined;
  /** Parts of the output that differ between machines and versions of git. */
  readonly varies?: readonly (readonly [RegExp, string])[];
  /** How much of a result is shown; all of it where it is not given. */
  readonly lines?: number;
  /** The command changes the repository, as it should. */
  readonly changes?: true;
}

export interface Chapter {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Git's own words are not the same in every version. */
export const GIT_WORDS = [[/(?<="where": "|where: )[^"\n]+/, '(what git says)']] as const;

/** Words of a command line that has no word with a space in it. */
export function words(line: string): () => readonly string[] {
  return () => line.split(' ');
}
