import { describe, expect, it } from 'vitest';
import { asArgument, foldName, nearNames, searchNames } from '../src/names.js';

describe('names', () => {
  it.each([
    ['Alice@Contoso.com', 'alice@contoso.com'],
    [' Break glass ', 'break glass'],
    ['Mu\u0308ller', 'M\u00fcller'],
  ])('%j and %j are one', (a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it('are found whole, whoever has them, and not in part', () => {
    const search = searchNames(['Break Glass', 'nobody']);
    search.see('group/1', ['break glass', 'bg@contoso.com']);
    search.see('group/2', ['BREAK GLASS']);
    search.see('group/1', ['break glass']);
    search.see('group/3', ['break glass 2']);
    expect(search.found('Break Glass')).toEqual(['group/1', 'group/2']);
    expect(search.found('nobody')).toEqual([]);
  });

  it.each([
    ['user/alice@contoso.com', 'user/alice@contoso.com'],
    ['group/Break glass (old)', '"group/Break glass (old)"'],
    ["user/o'neill@contoso.com", `"user/o'neill@contoso.com"`],
    ['group/$(curl evil)', undefined],
    ['group/`id`', undefined],
    ['group/a" & calc', undefined],
    ['group/%PATH%', undefined],
    ['group/a\nb', undefined],
  ])('%j is typed into a shell as %j', (word, argument) => {
    expect(asArgument(word)).toBe(argument);
  });

  it('that are near name each object once', () => {
    const search = searchNames(['Sale']);
    search.see('group/1', ['Sales', 'sales', 'sales@contoso.com']);
    search.see('group/2', ['Salem']);
    expect(search.near('Sale')).toEqual(['Sales', 'Salem']);
  });

  it('that are near are misspelt or longer', () => {
    const names = ['alice@contoso.com', 'alicia@contoso.com', 'malice', 'bob@contoso.com'];
    expect(nearNames('alcie@contoso.com', names)[0]).toBe('alice@contoso.com');
    expect(nearNames('alice', names)).toEqual(['malice', 'alice@contoso.com']);
    expect(nearNames('xy', names)).toEqual([]);
  });
});
