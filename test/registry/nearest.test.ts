import { expect, test } from 'vitest';
import { nearest } from '../../src/model/nearest.js';

const names = ['displayName', 'mail', 'mailEnabled', 'mailNickname', 'state', 'status'];

test.each<[string, string[]]>([
  ['displayNme', ['displayName']],
  ['displaynaem', ['displayName']],
  ['DISPLAYNAME', ['displayName']],
  ['mial', ['mail']],
  ['statu', ['state', 'status']],
  ['mailNickName', ['mailNickname']],
  ['department', []],
  ['', []],
])('%j was meant to be %j', (word, meant) => {
  expect(nearest(word, names)).toEqual(meant);
});

test('a word is not suggested instead of itself, and at most three are', () => {
  expect(nearest('mail', ['mail'])).toEqual([]);
  expect(nearest('aaaa', ['aaab', 'aaac', 'aaad', 'aaae'])).toEqual(['aaab', 'aaac', 'aaad']);
});
