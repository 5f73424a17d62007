import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBehaviour } from '../../src/sandbox/behaviour.js';

describe('behaviour.json of a sandbox', () => {
  it('may be absent', () => {
    expect(readBehaviour(mkdtempSync(join(tmpdir(), 'behaviour-')))).toEqual({});
  });

  it.each([
    ['{', 'JSON'],
    ['[]', 'It is not an object.'],
    ['{"sede": 1}', 'and not "sede"'],
  ])('that holds %s is refused with the place and the reason', (text, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
    writeFileSync(join(folder, 'behaviour.json'), text);
    expect(() => readBehaviour(folder)).toThrow(reason);
    expect(() => readBehaviour(folder)).toThrow(join(folder, 'behaviour.json'));
  });
});
