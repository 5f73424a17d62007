import { describe, expect, it } from 'vitest';
import { errorDocument, errorText } from '../../src/cli/errors.js';
import { colourOf, widthOf } from '../../src/cli/output.js';
import { Failure } from '../../src/model/problem.js';

describe('colourOf', () => {
  it.each([
    ['a terminal', true, {}, false, true],
    ['no terminal', false, {}, false, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false, false],
    ['--no-color', true, { FORCE_COLOR: '1' }, true, false],
    ['NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
    ['an empty NO_COLOR, which does not count', true, { NO_COLOR: '' }, false, true],
    ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR on a dumb terminal', false, { FORCE_COLOR: '', TERM: 'dumb' }, false, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false, false],
  ])('%s', (_, isTTY, env, noColor, expected) => {
    expect(colourOf({ isTTY }, env, noColor)).toBe(expected);
  });
});

describe('widthOf', () => {
  it('is that of the terminal, or 100', () => {
    expect(widthOf({ isTTY: true, columns: 132 })).toBe(132);
    expect(widthOf({ isTTY: true, columns: 0 })).toBe(80);
    expect(widthOf({ isTTY: false, columns: 132 })).toBe(100);
  });
});

describe('errors', () => {
  const failure = new Failure({ code: 'KG999', message: 'It broke.', where: 'file:1:2', remedy: 'Mend it.' });

  it('say what, where and what to do', () => {
    expect(errorText(failure, false)).toBe('Error: It broke. (KG999)\n  where: file:1:2\n  do: Mend it.');
  });

  it('leave out what is not known in text, and say null in JSON', () => {
    const bare = new Failure({ code: 'KG999', message: 'It broke.' });
    expect(errorText(bare, false)).toBe('Error: It broke. (KG999)');
    expect(errorText(bare, true, 80)).toBe(
      '\u001b[31m\u001b[1mError:\u001b[22m\u001b[39m It broke. \u001b[2m(KG999)\u001b[22m',
    );
    expect(errorDocument(bare)).toEqual({
      format: 1,
      error: { code: 'KG999', message: 'It broke.', where: null, remedy: null },
    });
  });

  it('is folded between words on a terminal, but for what people copy', () => {
    const remedy = 'Type "git config commit.gpgsign false" there.';
    const failure = new Failure({
      code: 'KG999',
      message: 'It broke in the middle of a long sentence.',
      where: 'a/b/c/d/e/f/g/h/i/j',
      remedy,
    });
    expect(errorText(failure, false, 40)).toBe(
      [
        'Error: It broke in the middle of a long',
        '  sentence. (KG999)',
        '  where: a/b/c/d/e/f/g/h/i/j',
        '  do: Type',
        '    "git config commit.gpgsign false"',
        '    there.',
      ].join('\n'),
    );
  });
});
