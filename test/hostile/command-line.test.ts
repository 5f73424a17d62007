/** What a person sees of a hostile tenant who types commands: both streams of real processes. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../cli/run-cli.js';
import { attacks } from '../support/attacks.js';
import { hostileObjects, hostileTenant } from '../support/hostile-tenant.js';
import { hiddenIn } from '../support/rendered.js';
import { gitIn } from '../support/scene.js';

it('no command prints what does something, on either stream', async () => {
  const tenant = await hostileTenant(hostileObjects(attacks, 1));
  onTestFinished(() => tenant.close());
  const { graph, root, env, run, made } = tenant;
  const first = await run.snapshot();
  tenant.damage();
  graph.refuse = (method, path) =>
    method === 'GET' && path === '/groups'
      ? { status: 403, body: { error: { code: '\u001b[31mNo', message: 'one\nError: two\u202e\u009b2J' } } }
      : undefined;
  const [user] = made.filter(({ type, object }) => type.name === 'user' && typeof object.displayName === 'string');
  const name = `user/${String(user?.object.userPrincipalName)}x`;
  const file = gitIn(root, 'ls-files', 'tenant-state/users/').split('\n')[0] as string;
  // A tag that nobody knows is a warning of the YAML parser, with the tag as it is meant.
  const tagged = readFileSync(join(root, file), 'utf8').replace(/^department: .*$/m, 'department: !!%1B%5B31mred x');
  const commands = [
    ['snapshot'],
    ['show', 'HEAD', name],
    ['diff', first.commit],
    ['plan', '--to', first.commit, '-o', join(root, '..', 'plan.json')],
    ['apply', join(root, '..', 'plan.json')],
    ['diff', 'main'],
    ['validate'],
  ];
  for (const command of commands) {
    if (command[1] === 'main') {
      writeFileSync(join(root, file), tagged);
      gitIn(root, '-c', 'user.name=Ada', '-c', 'user.email=ada@contoso.com', 'commit', '-qam', 'By hand');
    }
    const { stdout, stderr } = await runCli(command, { cwd: root, env });
    expect(hiddenIn(stdout + stderr), command.join(' ')).toEqual([]);
    expect((stdout + stderr).split('\n').filter((line) => /^Error: two/.test(line))).toEqual([]);
    expect(stdout + stderr, command.join(' ')).not.toContain('KG000');
  }
});
