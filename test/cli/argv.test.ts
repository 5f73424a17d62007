import { describe, expect, it } from 'vitest';
import { arrange, leadingWords, wantsJson } from '../../src/cli/argv.js';

const words = (line: string) => (line === '' ? [] : line.split(' '));

describe('arrange', () => {
  it.each([
    ['', ''],
    ['diff a -C x', 'diff a -C x'],
    ['-C x diff a', 'diff a -C x'],
    ['-Cx --json diff', 'diff -Cx --json'],
    ['--repo=x --no-color --format json diff', 'diff --repo=x --no-color --format json'],
    ['-C x show -- --json', 'show -C x -- --json'],
    ['-C', '-C'],
    ['-C x', '-C x'],
    ['--json', '--json'],
    ['help', '--help'],
    ['help sandbox start', 'sandbox start --help'],
    ['--no-color help diff', 'diff --help'],
    ['--help', '--help'],
    ['diff help', 'diff help'],
  ])('%j becomes %j', (line, expected) => {
    expect(arrange(words(line)).join(' ')).toBe(expected);
  });
});

describe('wantsJson', () => {
  it.each([
    ['diff --json', true],
    ['--json nonsense', true],
    ['diff --format json', true],
    ['diff --format=json', true],
    ['diff --format markdown', false],
    ['diff json', false],
    ['show -- --json', false],
    ['', false],
  ])('%j: %j', (line, expected) => {
    expect(wantsJson(words(line))).toBe(expected);
  });
});

describe('leadingWords', () => {
  it.each([
    ['sandbox incident --list', ['sandbox', 'incident']],
    ['diff', ['diff']],
    ['-C x', []],
    ['', []],
  ])('%j', (line, expected) => {
    expect(leadingWords(words(line))).toEqual(expected);
  });
});
