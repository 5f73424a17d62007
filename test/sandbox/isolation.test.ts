import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', 'src', 'sandbox');
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(root, name));

const importForm =
  /^(?:import|export|\}).* from '([^'\n]+)'(?: with \{.*\})?;$|\bimport\('([^'\n]+)'\)|^import '([^'\n]+)';$/gm;
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(importForm)].map((match) => String(match[1] ?? match[2] ?? match[3]));

it('reads the imports of every file', () => {
  expect(files.length).toBeGreaterThan(25);
  expect(importsOf(join(root, 'facts.ts'))).toContain('./facts/graph-facts.json');
});

it.each(files.map((file) => [relative(root, file), file]))('%s imports nothing of the client', (_, file) => {
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = relative(root, resolve(dirname(file), specifier));
      expect(target, specifier).not.toMatch(/^\.\./);
    } else expect(specifier).toMatch(/^(?:node:.*|yaml)$/);
  }
});
