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
    ['{"deltaReplay": 2}', 'deltaReplay must be a number from 0 to 1, and not 2.'],
    ['{"deltaExpiredStatus": 404}', 'deltaExpiredStatus must be one of 410, 400, and not 404.'],
  ])('that holds %s is refused with the place and the reason', (text, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
    writeFileSync(join(folder, 'behaviour.json'), text);
    expect(() => readBehaviour(folder)).toThrow(reason);
    expect(() => readBehaviour(folder)).toThrow(join(folder, 'behaviour.json'));
  });
});
