/** Builds dist/ and the command manifest, the same bytes from the same sources. */

import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

compile();
copyData();
await checkSchemas();
await writeManifest();

function compile() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  rmSync(join(root, 'oclif.manifest.json'), { force: true });
  const tsc = join(dirname(typescript), 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  } catch {
    process.exit(1);
  }
}

/** JSON that is read at run time; what is imported, the compiler has copied. */
function copyData() {
  const facts = join('sandbox', 'facts');
  cpSync(join(root, 'src', facts), join(root, 'dist', facts), {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  });
}

/** The schemas are checked here, so that not every start of the command has to. */
async function checkSchemas() {
  const { checkedSchemas } = await import('../dist/registry/load.js');
  writeFileSync(join(root, 'dist', 'registry', 'checked.json'), `${JSON.stringify(checkedSchemas())}\n`);
}

async function writeManifest() {
  const { settings } = await import('@oclif/core/settings');
  settings.enableAutoTranspile = false;
  const { Plugin } = await import('@oclif/core/config');
  const plugin = new Plugin({ root, isRoot: true, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  const { commands, version } = plugin.manifest;
  const manifest = { version, commands: sorted(commands) };
  writeFileSync(join(root, 'oclif.manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function sorted(commands) {
  const ids = Object.keys(commands).sort();
  return Object.fromEntries(ids.map((id) => [id, commands[id]]));
}
