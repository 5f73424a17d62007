/**
 * Runs command lines one after the other in one process, as `bin/run.js` would in one of its own: what is loaded once
 * serves them all. Messages: `{cwd, env, argv}` in, `{code, stdout, stderr}` out.
 */

import { fileURLToPath } from 'node:url';
import { main } from '../../dist/cli/main.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

process.on('message', async ({ cwd, env, argv }) => {
  const said = { stdout: '', stderr: '' };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = undefined;
  const written = ['stdout', 'stderr'].map((name) => capture(name, said));
  await main(argv, ROOT);
  for (const release of written) release();
  process.send({ code: process.exitCode ?? 0, ...said });
  process.exitCode = 0;
});

function capture(name, said) {
  const stream = process[name];
  const { write } = stream;
  stream.write = (text, ...rest) => {
    said[name] += text;
    rest.findLast((word) => typeof word === 'function')?.();
    return true;
  };
  return () => {
    stream.write = write;
  };
}
