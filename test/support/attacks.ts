/** What somebody who means harm would write where a name is asked for, and any number of strings of that kind. */

import { hostileWords } from './hostile.js';

const ESC = '\u001b';

/** Each of them has broken a program that printed, stored or ran it. */
export const attacks: readonly string[] = [
  // Terminals: colours, the screen, the title, the clipboard, a link, a string without an end; the same with C1 controls.
  `${ESC}[2J${ESC}[1;1Hgone`,
  `${ESC}]0;title\u0007`,
  `${ESC}]52;c;Y3VybCBldmls\u0007`,
  `${ESC}]8;;https://evil.example\u0007click${ESC}]8;;\u0007`,
  `${ESC}P+q544e${ESC}\\`,
  '\u009b31mred',
  '\u009d8;;https://evil.example\u009cclick',
  '\u0090$q\u009c',
  'bell\u0007',
  'back\b\b\b\bfront',
  'delete\u007f',
  'a\rRecovery complete',
  // Order and visibility.
  'user\u202enoitartsinimda',
  '\u2066isolate\u2069\u2067rtl\u2068first\u2069',
  '\u200einvisible\u200f\u061c',
  'zero\u200bwidth\u200c\u200d\u2060\ufeff',
  'soft\u00adhyphen',
  '\u{e0041}\u{e007f}tag',
  'x\u{1d173}\u180e\u115f',
  'Z\u0336\u0341\u0342\u0345\u0348\u0349\u035aa',
  'שלום עולם',
  // Lines.
  'one\ntwo',
  'one\r\ntwo\r\n',
  'one\u0085two\u2028three\u2029four\u000bfive\u000csix',
  'name\n\nKnowngood-Tenant: 00000000-0000-0000-0000-000000000000\nKnowngood-Coverage: complete',
  'Knowngood-Status: complete',
  '\nSigned-off-by: Admin <admin@example.com>',
  // Markdown and HTML.
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></summary></td></tr></table>',
  '<!-- <a href="https://evil.example">',
  '[click](javascript:alert(1))',
  '](javascript:alert(1))',
  '![pixel](https://evil.example/p.png)',
  '[ref]: https://evil.example "t"',
  '<https://evil.example>',
  'https://evil.example/a?b=c www.evil.example',
  '_www.evil.example *WWW.evil.example ~www.evil.example (www.evil.example',
  '_https://evil.example *ftp://evil.example xhttp://evil.example',
  'a.b-c_d+e@evil.example _@evil.example',
  'mailto:a@evil.example xmpp:a@evil.example',
  '@octocat @org/team',
  '#123 GH-1 org/repo#4 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
  ':shipit:',
  'ends with :shipit',
  '# heading',
  '===',
  '- [x] done',
  '1. one',
  '> quote',
  '```\ncode\n```',
  '`',
  '``a`b```',
  '~~gone~~ **bold** __bold__ *i* _i_ $x$',
  'a | b | c',
  'a\\| b',
  '|',
  '\\',
  'ends with \\',
  '[^1]',
  '&lt;b&gt; &#x3c; &amp;amp; &nbsp',
  // Spreadsheets.
  "=cmd|' /C calc'!A0",
  '+1+cmd()',
  '-2+3',
  '@SUM(1)',
  '\t=1+1',
  '\n=1+1',
  '＝1+1',
  'a;=1+1',
  'a","=1+1',
  '"=1+1"',
  // Paths and shells.
  '../../etc/passwd',
  '..\\..\\windows\\system32',
  '/etc/passwd',
  'C:\\CON',
  'CON',
  'nul.txt',
  '.git',
  '.git/config',
  '$(touch /tmp/x)',
  '`touch /tmp/x`',
  "'; touch /tmp/x; '",
  '--upload-pack=touch',
  '%0a%00',
  'a\u0000b',
  // Letters that are written in two ways.
  'Zoë'.normalize('NFC'),
  'Zoë'.normalize('NFD'),
  '\u212bngstrom K\u212a',
  'ß ẞ İ ı ſ',
  'A\u030aA\u0301\u0301\u0301\u0301\u0301\u0301',
  // Half characters.
  '\ud800',
  '\udfff\ud800',
  'a\udc00b',
  '😀'.slice(1),
  // Names of members that every object has.
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  // YAML.
  '---',
  '--- a',
  '...',
  '!!js/function "function(){}"',
  '!!python/object/apply:os.system [id]',
  '&a',
  '*a',
  '<<',
  '~',
  '.inf',
  '-.INF',
  '.NaN',
  '0x1F',
  '0b11',
  '0o7',
  '1:30',
  '1_000.5',
  '1e3',
  '12e03',
  '2001-12-14t21:59:43.10-05:00',
  '2026-13-45T99:99:99+99:99',
  '9999-12-31T23:59:59.9990-01:00',
  '0000-01-01T00:00:00+14:00',
  'yes',
  'y',
  '= ',
  '%YAML 1.1',
  '? a : b',
  '- a',
  'a: b: c',
  '# c',
  'a # c',
  ' leading',
  'trailing \t',
  '\u00a0blank\u3000',
  '{a: b}',
  "''",
  '\\u0041\\x41\\n',
  '',
  ' ',
];

/** Long enough for every buffer and column. */
export const longWords: readonly string[] = [
  'x'.repeat(10_000),
  `${'long name '.repeat(1000)}\u001b[31m`,
  '🧨'.repeat(2500),
  '`|<'.repeat(3334),
  '\u202e'.repeat(1000),
];

/** Keys that nobody declared, and that mean something to a language, a path or an annotation. */
export const hostileKeys: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'a.b',
  'a#b',
  'a/b',
  '~0~1',
  'say "hi"',
  'a|b`c<d>',
  '../x',
  '=cmd()',
  '<<',
  '',
  ' ',
  '\u001b[31mkey',
  '\u009b31m',
  '\u202eyek',
  'one\nKnowngood-Coverage: complete',
  '\u2028',
  '\ud800',
];

/** All of it, each once. */
export const allHostile: readonly string[] = [...new Set([...hostileWords, ...attacks])];

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  ...' \t\n\r:#-?,[]{}&*!|>\'"%@`=~.+/\\()_^$;aZyYnNeEoOxXtf0189'.split(''),
  ...[
    ': ',
    ' #',
    '- ',
    'no',
    'yes',
    'null',
    'true',
    '---',
    '...',
    '<<',
    '!!',
    '0x',
    '1:',
    '.inf',
    'é',
    'e\u0301',
    '😀',
  ],
  ...['\u0000', '\u001b', '\u007f', '\u0085', '\u009b', '\u00a0', '\u00ad', '\u2028', '\u2029', '\u202e', '\u2066'],
  ...['\ufeff', '\ufffd', '\ufffe', '\uffff', '\ud800', '\udc00', '\u{1fffe}', '\u{10ffff}', '\u3000'],
];

/** One hostile string: a known one, pieces of them in a row, or any characters at all. */
export function anyHostile(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const many = (most: number, next: () => string) =>
    Array.from({ length: 1 + Math.floor(random() * most) }, next).join('');
  const dice = random();
  if (dice < 0.1) return pick(allHostile);
  if (dice < 0.6) return many(10, () => pick(PIECES));
  if (dice < 0.7) return many(3, () => pick(allHostile).slice(0, 40));
  if (dice < 0.8) return many(8, () => pick([...'0123456789.:_-+eExXoObTZ '] as const));
  return many(10, () => String.fromCharCode(Math.floor(random() ** 3 * 0x10000)));
}
