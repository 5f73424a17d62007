/** Two long texts compared: what both have is told from what only one has, and shortened where there is no room. */

import { type ChangeObject, diffChars, diffWordsWithSpace } from 'diff';

/** A piece of a text; `same` when the other text has it at this place, too. */
export interface TextPart {
  readonly text: string;
  readonly same: boolean;
}

export interface TextDifference {
  readonly desired: readonly TextPart[];
  readonly live: readonly TextPart[];
}

/** Characters that are left of a common part on the side where something differs. */
const CONTEXT = 16;
/** Texts with more differing words than this are simply different. */
const MOST_EDITS = 200;

/** Compares two texts. Common parts are shortened with `…` when a text is longer than `room` (in UTF-16 units). */
export function textDifference(desired: string, live: string, room: number): TextDifference {
  const changes = changesBetween(live, desired, room);
  if (changes === undefined) return { desired: [{ text: desired, same: false }], live: [{ text: live, same: false }] };
  const parts = changes.map((change, index) => ({
    ...change,
    same: !change.added && !change.removed,
    first: index === 0,
    last: index === changes.length - 1,
  }));
  const side = (without: 'added' | 'removed', length: number) =>
    parts
      .filter((part) => !part[without])
      .map(({ value, same, first, last }) => ({
        text: same && length > room ? shortened(value, first, last) : value,
        same,
      }));
  return { desired: side('removed', desired.length), live: side('added', live.length) };
}

/** By words; where one of them is too long to be seen whole, by characters. */
function changesBetween(live: string, desired: string, room: number): readonly ChangeObject<string>[] | undefined {
  const words = diffWordsWithSpace(live, desired, { maxEditLength: MOST_EDITS });
  if (words?.every((part) => part.value.length <= room || !(part.added || part.removed))) return words;
  return diffChars(live, desired, { maxEditLength: MOST_EDITS });
}

/** What is left of a common part: some characters next to what differs before and after it. */
function shortened(text: string, first: boolean, last: boolean): string {
  const characters = [...text];
  const before = first ? 0 : CONTEXT;
  const after = last ? 0 : CONTEXT;
  if (characters.length <= before + after + 1) return text;
  const end = after === 0 ? '' : characters.slice(-after).join('');
  return `${characters.slice(0, before).join('')}…${end}`;
}
