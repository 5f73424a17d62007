/** How many columns a terminal gives to a text, and cutting texts to columns. Input is escaped text: one line. */

/** Ranges of two-column characters (East Asian wide and full-width), as pairs of first and last. */
const WIDE: readonly number[] = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2e80, 0x303e, 0x3041, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97c, 0xac00, 0xd7a3,
  0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x1b2ff, 0x1d300, 0x1d37f,
  0x1f000, 0x1f2ff, 0x20000, 0x3fffd,
];
const EMOJI = /^[\p{Emoji_Presentation}\p{Extended_Pictographic}]$/u;
const MARK = /^(?![\ufe0f])\p{M}$/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Where the exact width differs between terminals, the larger one: a line may come out short, never too long. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (MARK.test(character)) return 0;
  for (let index = 0; index < WIDE.length && code >= (WIDE[index] ?? 0); index += 2) {
    if (code <= (WIDE[index + 1] ?? 0)) return 2;
  }
  return code >= 0x203c && EMOJI.test(character) ? 2 : 1;
}

export function stringWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** The longest beginning of a text that fits; never half a character. */
export function takeColumns(text: string, columns: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, columns));
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The text, or as much of it as fits with `…` at its end. */
export function truncate(text: string, columns: number): string {
  if (text.length <= columns && ASCII.test(text)) return text;
  if (text.length <= columns * 16 && stringWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${takeColumns(text, columns - 1).trimEnd()}…`;
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - stringWidth(text))) + text;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** True for text with Hebrew, Arabic or the like: two such values on one line would be drawn in swapped order. */
export function readsRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}
