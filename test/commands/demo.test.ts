import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli, temporaryFolder } from '../cli/run-cli.js';

describe('knowngood demo', () => {
  it('tells the whole story on a tenant of its own, and leaves nothing behind', { timeout: 180_000 }, async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const TMPDIR = await temporaryFolder();
    const env = { TMPDIR, KNOWNGOOD_GRAPH_URL: url, KNOWNGOOD_TOKEN: 'of a real tenant', GIT_DIR: TMPDIR };

    const { code, stdout } = await runCli(['demo'], { env });
    expect(code).toBe(0);
    const typed = [...stdout.matchAll(/^\$ (.+)$/gm)].map(([, command]) => command);
    expect(typed).toEqual([
      'knowngood init acme --tenant sandbox --users 3000',
      'cd acme',
      'knowngood snapshot',
      'GOOD=$(git rev-parse HEAD)',
      'knowngood sandbox incident mass-disable',
      'knowngood diff $GOOD --detailed-exitcode',
      'knowngood plan --to $GOOD -o plan.json',
      'knowngood apply plan.json',
      'knowngood diff $GOOD --detailed-exitcode',
    ]);
    expect(stdout).toContain('Apply complete!');
    expect(stdout.slice(stdout.indexOf('Apply complete!'))).toContain('No changes. The live tenant matches ');
    expect(requests).toBe(0);
    expect(await readdir(TMPDIR)).toEqual([]);
  });

  it('stops where a command fails, and leaves nothing behind', async () => {
    const TMPDIR = await temporaryFolder();
    const { code, stdout, stderr } = await runCli(['demo'], { env: { TMPDIR, PATH: TMPDIR } });
    expect(code).toBe(1);
    expect(stdout).not.toContain('knowngood snapshot\n');
    expect(stderr).toContain('KG180');
    expect(await readdir(TMPDIR)).toEqual([]);
  });
});
