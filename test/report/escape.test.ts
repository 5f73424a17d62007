import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeJson } from '../../src/model/hidden.js';
import { codeCell, codeSpan, escapeMarkdown, escapeTerminal } from '../../src/report/escape.js';
import { renderJson } from '../../src/report/json.js';
import { padEnd, readsRightToLeft, stringWidth, takeColumns, truncate } from '../../src/report/width.js';
import { hostileString } from '../support/hostile.js';

/** What must never reach a reader: it is not seen, or it moves what is seen. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('escapeTerminal', () => {
  it.each([
    ['Zoë 山田 😀', 'Zoë 山田 😀'],
    ['\u001b[31mred\u001b]0;title\u0007', '\\u{1b}[31mred\\u{1b}]0;title\\u{7}'],
    ['a\nb\r\tc', 'a\\u{a}b\\u{d}\\u{9}c'],
    ['\u009b2J\u007f', '\\u{9b}2J\\u{7f}'],
    ['ada\u202egnp.exe', 'ada\\u{202e}gnp.exe'],
    ['\u2066a\u2069\u200e\u200f\u061c', '\\u{2066}a\\u{2069}\\u{200e}\\u{200f}\\u{61c}'],
    ['a\u200bb\u200dc\u2060\ufeff\u00ad', 'a\\u{200b}b\\u{200d}c\\u{2060}\\u{feff}\\u{ad}'],
    ['a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
    ['\u3164\u115f\uffff', '\\u{3164}\\u{115f}\\u{ffff}'],
    ['\u{e0041}', '\\u{e0041}'],
    [`e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(4)}\\u{301}\\u{301}`],
  ])('%j', (text, expected) => {
    expect(escapeTerminal(text)).toBe(expected);
  });

  it('leaves nothing dangerous, whatever the text, and changes nothing twice', () => {
    fc.assert(
      fc.property(hostileString, (text) => {
        const escaped = escapeTerminal(text);
        expect(escaped).not.toMatch(DANGEROUS);
        expect(escapeTerminal(escaped)).toBe(escaped);
      }),
    );
  });
});

describe('escapeMarkdown', () => {
  it.each([
    ['plain words, (12) of them. 100 %!', 'plain words, (12) of them. 100 %!'],
    ['*a* _b_ `c` ~~d~~', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~'],
    ['[x](https://evil.example)', '\\[x\\](https:&#8203;//evil.example)'],
    ['![x](y)', '!\\[x\\](y)'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a | b', 'a \\| b'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['@octocat and ada@contoso.com', '@&#8203;octocat and ada@&#8203;contoso.com'],
    ['fixes #12', 'fixes \\#&#8203;12'],
    ['www.evil.example', 'www&#8203;.evil.example'],
    ['ends with :smile', 'ends with :&#8203;smile'],
    [':smile: at 14:00', ':&#8203;smile: at 14:00'],
    ['$x$ a\\b', '\\$x\\$ a\\\\b'],
    ['# title', '\\# title'],
    ['- item', '\\- item'],
    ['+ item', '\\+ item'],
    ['=====', '\\====='],
    ['1. item', '1\\. item'],
    ['    code', '&#32;&#32;&#32;&#32;code'],
    ['a\nb', 'a\\\\u\\{a\\}b'],
    ['\u202ea', '\\\\u\\{202e\\}a'],
  ])('%j', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it('leaves no character bare that could begin markup, HTML, a mention or a cell', () => {
    fc.assert(
      fc.property(hostileString, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(DANGEROUS);
        const bare = escaped.replace(/\\[\\`*_{}[\]|~$#^+=.)-]/g, '').replace(/&(?:amp|lt|gt|#32|#8203);/g, '');
        expect(bare).not.toMatch(/[\\`*_{}[\]|~$#^&<>]/);
        expect(escaped).not.toMatch(/@(?!&#8203;)/);
        expect(escaped).not.toMatch(/^[-+= ]|^\d+[.)]/);
      }),
    );
  });
});

describe('codeSpan', () => {
  it.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``a```', '```` ``a``` ````'],
    [' a ', '`  a  `'],
    ['', '`""`'],
    ['  ', '`"  "`'],
    ['<b>@x</b>', '`<b>@x</b>`'],
    ['a\nb', '`a\\u{a}b`'],
  ])('%j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  it.each([
    ['a|b', '`a\\|b`'],
    ['a\\|b', '`a\\\\u{7c}b`'],
    ['|', '`\\|`'],
  ])('in a table cell: %j', (text, expected) => {
    expect(codeCell(text)).toBe(expected);
  });

  it('has no run of backticks as long as its fence inside, and no cell end', () => {
    fc.assert(
      fc.property(hostileString, (text) => {
        const code = codeCell(text);
        const fence = /^`+/.exec(code)?.[0] ?? '';
        const inside = code.slice(fence.length, -fence.length);
        expect(code.endsWith(fence)).toBe(true);
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        expect(inside).not.toMatch(/(?<!\\)\||\\\\\|/);
        expect(code).not.toMatch(DANGEROUS);
      }),
    );
  });
});

describe('renderJson', () => {
  it('escapes what does not show, and ends with a line feed', () => {
    expect(renderJson({ a: 'x\u202e\u2028\u200b\ud800\u001b\u009b\u{e0041}é' })).toBe(
      '{\n  "a": "x\\u202e\\u2028\\u200b\\ud800\\u001b\\u009b\\udb40\\udc41é"\n}\n',
    );
  });

  it('keeps every value', () => {
    fc.assert(
      fc.property(fc.dictionary(hostileString, hostileString), (document) => {
        const json = renderJson(document);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(document)));
        expect(escapeJson(json)).toBe(json);
        expect(json.replaceAll('\n', '')).not.toMatch(DANGEROUS);
      }),
    );
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['山田', 4],
    ['ｶﾅ', 2],
    ['Ａ', 2],
    ['😀', 2],
    ['한국', 4],
    ['← − … ·', 7],
  ])('%j takes %i columns', (text, width) => {
    expect(stringWidth(text)).toBe(width);
  });

  it('cuts at a column, never inside a character', () => {
    expect(truncate('Ada Lovelace', 12)).toBe('Ada Lovelace');
    expect(truncate('Ada Lovelace', 8)).toBe('Ada Lov…');
    expect(truncate('Ada Lovelace', 5)).toBe('Ada…');
    expect(truncate('山田太郎', 6)).toBe('山田…');
    expect(truncate('😀😀😀', 4)).toBe('😀…');
    expect(takeColumns('e\u0301a', 1)).toBe('e\u0301');
    expect(truncate('abc', 0)).toBe('');
    expect(padEnd('山', 4)).toBe('山  ');
  });

  it('never exceeds the columns', () => {
    fc.assert(
      fc.property(hostileString, fc.nat(20), (text, columns) => {
        const cut = truncate(escapeTerminal(text), columns);
        expect(stringWidth(cut)).toBeLessThanOrEqual(columns);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  it('knows text that is read from right to left', () => {
    expect(readsRightToLeft('שלום')).toBe(true);
    expect(readsRightToLeft('مرحبا')).toBe(true);
    expect(readsRightToLeft('Zoë 山田')).toBe(false);
  });
});
