/** The static server, started and steered. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { peakOf } from './measure.mjs';

const SERVER = fileURLToPath(new URL('replay-server.mjs', import.meta.url));

export async function startReplay(folder) {
  const child = spawn(process.execPath, ['--max-old-space-size=8192', SERVER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the static server did not start');
    }),
  ]);
  const url = `http://127.0.0.1:${String(line).trim()}`;
  const steer = async (path, body = '') => (await fetch(`${url}/.bench/${path}`, { method: 'POST', body })).json();
  return {
    url,
    steer,
    peak: () => peakOf(child.pid),
    stop() {
      process.off('exit', stop);
      child.kill();
    },
  };
}
