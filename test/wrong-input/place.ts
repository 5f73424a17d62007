/** One state repository with two backups, a plan and a running sandbox; and copies of it for somebody to spoil. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Plan } from '../../src/model/plan.js';
import { acme, person } from '../support/acme.js';
import { createScene, type Scene } from '../support/scene.js';

/** What a row of the table works on: a copy of the repository that is nobody else's. */
export interface Place {
  /** The state repository. */
  readonly root: string;
  /** The folder around it, for what must not be in it. */
  readonly outside: string;
  /** Where the sandbox of the tenant answers. */
  readonly url: string;
  /** Where something answers every request with 401. */
  readonly refusing: string;
  /** Where nothing answers. */
  readonly silent: string;
  readonly plan: Plan;
  git(...args: string[]): string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** A commit of everything that was changed. */
  commit(message: string): string;
}

export interface Places {
  readonly scene: Scene;
  copy(): Place;
  close(): Promise<void>;
}

/** The state file of the first person, and of the only policy. */
export const PERSON = `tenant-state/users/a00/${person(1)}.yaml`;

/** A smaller Acme: what is copied for every row should be little. */
const seed = {
  ...acme,
  objects: acme.objects.filter(({ object }) => !/^a0000000-.*0[1-6]\d$/.test(String(object.id))),
};

export async function openPlaces(): Promise<Places> {
  const scene = await createScene({ seed });
  rmSync(join(scene.root, '.git', 'hooks'), { recursive: true, force: true });
  await scene.run.snapshot();
  await scene.graph('PATCH', `/users/${person(2)}`, { department: 'Sales' });
  await scene.run.snapshot();
  await scene.graph('PATCH', `/users/${person(3)}`, { department: 'Wrong' });
  const applied = await scene.run.plan();
  await scene.run.apply(applied);
  writeFileSync(join(scene.root, 'applied.json'), JSON.stringify(applied));
  await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
  const plan = await scene.run.plan();
  writeFileSync(join(scene.root, 'plan.json'), `${JSON.stringify(plan, undefined, 2)}\n`);
  const parent = join(scene.root, '..', 'copies');
  mkdirSync(parent);
  const refusing = await listen(401);
  const silent = await listen(500);
  await silent.close();
  return {
    scene,
    copy() {
      const outside = mkdtempSync(join(parent, 'c-'));
      const root = join(outside, 'acme');
      cpSync(scene.root, root, { recursive: true });
      return placeAt(root, outside, { url: scene.url, refusing: refusing.url, silent: silent.url, plan });
    },
    async close() {
      await refusing.close();
      await scene.close();
    },
  };
}

function placeAt(root: string, outside: string, fixed: Pick<Place, 'url' | 'refusing' | 'silent' | 'plan'>): Place {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  return {
    ...fixed,
    root,
    outside,
    git,
    read: (file) => readFileSync(join(root, file), 'utf8'),
    write: (file, text) => writeFileSync(join(root, file), text),
    commit(message) {
      git('commit', '--quiet', '--all', '--no-gpg-sign', '-m', message);
      return git('rev-parse', 'HEAD');
    },
  };
}

async function listen(status: number): Promise<{ url: string; close(): Promise<void> }> {
  const body = JSON.stringify({
    error: { code: 'InvalidAuthenticationToken', message: 'Lifetime validation failed.' },
  });
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Every file below a folder with its content; git's objects aside, which nobody sees before a ref leads to them. */
export function contentsOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string) => {
    for (const name of readdirSync(join(folder, path))) {
      const inner = path === '' ? name : `${path}/${name}`;
      const file = join(folder, inner);
      const { mode } = lstatSync(file);
      if (/(?:^|\/)\.git\/objects$/.test(inner)) continue;
      if (lstatSync(file).isDirectory()) visit(inner);
      else found[inner] = lstatSync(file).isSymbolicLink() ? readlinkSync(file) : `${mode} ${digestOf(file)}`;
    }
  };
  visit('');
  return found;
}

function digestOf(file: string): string {
  return createHash('sha1').update(readFileSync(file)).digest('hex');
}
