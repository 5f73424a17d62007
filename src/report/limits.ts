/** How much of something is shown: whoever approves must see what is approved, and no tenant may fill the page. */

/** So many items of a list are shown whole; a longer one says where the rest is. */
export const SHOWN = 20;
/** So many objects that cannot be recovered from here are shown with their ids: somebody has to do it by hand. */
export const SHOWN_BY_HAND = 100;
/** So many targets of a link are shown with their ids; of more, names only. */
export const TARGETS_WITH_IDS = 10;
/** So many values of one object are shown. */
export const VALUES = 40;
/** A text up to so many characters is shown whole. */
export const LONG = 1000;

/** The text, or its beginning and how much is left out. */
export function limited(text: string, elsewhere: string): string {
  if (text.length <= LONG) return text;
  // Not between the halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(LONG - 1)) ? LONG - 1 : LONG;
  return `${text.slice(0, end)}… and ${text.length - end} more characters (${elsewhere})`;
}
