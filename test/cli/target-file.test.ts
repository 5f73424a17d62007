import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTargetFile, targetsIn } from '../../src/cli/target-file.js';
import { temporaryFolder } from './run-cli.js';

describe('a list of objects', () => {
  it('has one on each line, with comments and empty lines between, and knows where', () => {
    const content = '# people\r\nuser/alice@contoso.com\r\n\r\n  group/Team #1 / Berlin \n\t# no more\norganization';
    expect(targetsIn(content, 'list.txt')).toEqual([
      { text: 'user/alice@contoso.com', where: 'list.txt:2' },
      { text: 'group/Team #1 / Berlin', where: 'list.txt:4' },
      { text: 'organization', where: 'list.txt:6' },
    ]);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be'])('may begin with a byte order mark: %s', async (encoding) => {
    const bytes = Buffer.from('\ufeffuser/Zoë\r\n', encoding === 'utf-8' ? 'utf8' : 'utf16le');
    const file = join(await temporaryFolder(), 'list.txt');
    await writeFile(file, encoding === 'utf-16be' ? bytes.swap16() : bytes);
    expect(await readTargetFile(file)).toEqual([{ text: 'user/Zoë', where: `${file}:1` }]);
  });

  it.each(['', '\n\n', '# only a comment\n'])(
    'is refused when it names nothing: %j would mean everything',
    async (text) => {
      const file = join(await temporaryFolder(), 'list.txt');
      await writeFile(file, text);
      await expect(readTargetFile(file)).rejects.toMatchObject({ code: 'KG127', where: file });
    },
  );

  it('is missed when it is not there', async () => {
    await expect(readTargetFile(join(await temporaryFolder(), 'no'))).rejects.toMatchObject({ code: 'KG150' });
  });
});
