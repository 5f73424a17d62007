/** The story of one bad day, told with the real commands on a sandbox tenant in a temporary folder. */

import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, Failure } from './model/problem.js';
import type { Surroundings } from './workspace.js';

const USERS = 3000;
const EXECUTABLE = fileURLToPath(new URL('../bin/run.js', import.meta.url));

/** One command of the story. */
interface Step {
  readonly explanation: string;
  /** As a person would type it. */
  readonly typed: string;
  /** What the person types next, and what needs no running here. */
  readonly afterwards?: string;
  /** What is run: arguments of knowngood; `$GOOD` stands for the commit of the backup. */
  readonly knowngood: readonly string[];
  /** Where: in the temporary folder itself or in the state repository. */
  readonly folder: 'outside' | 'repository';
  /** The only exit code that fits the story. */
  readonly exit: number;
}

const BEGINNING: readonly Step[] = [
  {
    explanation: `A state repository for a made-up tenant of ${USERS.toLocaleString('en-US')} users.`,
    typed: `knowngood init acme --tenant sandbox --users ${USERS}`,
    afterwards: 'cd acme',
    knowngood: ['init', 'acme', '--tenant', 'sandbox', '--users', String(USERS)],
    folder: 'outside',
    exit: EXIT.done,
  },
  {
    explanation: 'The nightly backup: every object one YAML file, all of them one commit.',
    typed: 'knowngood snapshot',
    knowngood: ['snapshot'],
    folder: 'repository',
    exit: EXIT.done,
  },
];

const BAD_DAY: readonly Step[] = [
  {
    explanation: 'Some time later something goes badly wrong.',
    typed: 'knowngood sandbox incident mass-disable',
    knowngood: ['sandbox', 'incident', 'mass-disable'],
    folder: 'repository',
    exit: EXIT.done,
  },
  {
    explanation: 'What differs from the good backup? Exit code 2 says that something does.',
    typed: 'knowngood diff $GOOD --detailed-exitcode',
    knowngood: ['diff', '$GOOD', '--detailed-exitcode'],
    folder: 'repository',
    exit: EXIT.differences,
  },
  {
    explanation: 'The way back, as a plan that a second person can review. Nothing is written to the tenant yet.',
    typed: 'knowngood plan --to $GOOD -o plan.json',
    knowngood: ['plan', '--to', '$GOOD', '-o', 'plan.json'],
    folder: 'repository',
    exit: EXIT.done,
  },
  {
    explanation: 'Reviewed: do exactly that and nothing else.',
    typed: 'knowngood apply plan.json',
    knowngood: ['apply', 'plan.json'],
    folder: 'repository',
    exit: EXIT.done,
  },
  {
    explanation: 'And the proof: read the tenant again and compare.',
    typed: 'knowngood diff $GOOD --detailed-exitcode',
    knowngood: ['diff', '$GOOD', '--detailed-exitcode'],
    folder: 'repository',
    exit: EXIT.done,
  },
];

export interface DemoOptions {
  /** Leave the folder for the person to look around in. */
  readonly keep: boolean;
  readonly color: boolean;
}

type Print = (text: string) => Promise<void>;

/** Tells the story through `print`; the commands write to this process's own stdout and stderr. */
export async function demo(options: DemoOptions, surroundings: Surroundings, print: Print): Promise<void> {
  const outside = await realpath(await mkdtemp(join(tmpdir(), 'knowngood-demo-')));
  try {
    const story = storyteller(outside, options, surroundings, print);
    for (const step of BEGINNING) await story.tell(step);
    await story.rememberGood();
    for (const step of BAD_DAY) await story.tell(step);
    await print(`\nThe tenant is as it was.${options.keep ? '' : ' Run it with --keep to look around afterwards.'}`);
  } finally {
    if (options.keep) await print(keptText(outside));
    else await rm(outside, { recursive: true, force: true, maxRetries: 5 });
  }
}

function storyteller(outside: string, options: DemoOptions, surroundings: Surroundings, print: Print) {
  const repository = join(outside, 'acme');
  const env = environmentOfChildren(surroundings.env, options.color);
  const paint = (code: string, text: string) => (options.color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const say = (explanation: string, typed: string) =>
    print(`\n${paint('2', `# ${explanation}`)}\n${paint('1', `$ ${typed}`)}`);
  let good = '';

  return {
    async tell(step: Step): Promise<void> {
      surroundings.signal.throwIfAborted();
      await say(step.explanation, step.typed);
      const words = step.knowngood.map((word) => (word === '$GOOD' ? good : word));
      const cwd = step.folder === 'outside' ? outside : repository;
      const { code } = await runChild(process.execPath, [EXECUTABLE, ...words], { cwd, env, capture: false });
      surroundings.signal.throwIfAborted();
      if (code !== step.exit) throw wrongExit(step, code);
      if (step.afterwards !== undefined) await print(`\n${paint('1', `$ ${step.afterwards}`)}`);
    },
    async rememberGood(): Promise<void> {
      surroundings.signal.throwIfAborted();
      await say('Remember the good state; any git revision or date would do.', 'GOOD=$(git rev-parse HEAD)');
      const { code, stdout } = await runChild('git', ['rev-parse', 'HEAD'], { cwd: repository, env, capture: true });
      good = stdout.trim();
      if (code !== 0 || !/^[0-9a-f]{40,64}$/.test(good)) throw noBackup(repository);
    },
  };
}

/** No setting of the person's environment may lead the demo to a real tenant, or to another git repository. */
function environmentOfChildren(env: Surroundings['env'], color: boolean): NodeJS.ProcessEnv {
  const led =
    /^(?:KNOWNGOOD_(?!DEBUG$).*|AZURE_.*|GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|PREFIX))$/;
  const kept = Object.entries(env).filter(([name]) => !led.test(name) && name !== 'FORCE_COLOR');
  return { ...Object.fromEntries(kept), ...(color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) };
}

interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly capture: boolean;
}

function runChild(
  executable: string,
  words: readonly string[],
  { cwd, env, capture }: ChildOptions,
): Promise<{ code: number | null; stdout: string }> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', capture ? 'pipe' : 'inherit', 'inherit'] as const;
    const child = spawn(executable, words, { cwd, env, stdio: [...stdio], windowsHide: true });
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout: Buffer.concat(pieces).toString('utf8') }));
  });
}

function keptText(folder: string): string {
  const remove =
    process.platform === 'win32' ? `rmdir /s /q "${folder}"` : `rm -rf '${folder.replaceAll("'", "'\\''")}'`;
  return `The state repository is ${join(folder, 'acme')}\nRemove it with: ${remove}`;
}

function wrongExit(step: Step, code: number | null): Failure {
  return new Failure({
    code: 'KG180',
    message: `The demo stops: the command ended with exit code ${code ?? 'none'} instead of ${step.exit}.`,
    where: `knowngood ${step.knowngood.join(' ')}`,
    remedy: 'Its own message is above; run "knowngood demo --keep" to look into the folder.',
  });
}

function noBackup(repository: string): Failure {
  return new Failure({
    code: 'KG181',
    message: 'The demo stops: the backup cannot be found in the repository.',
    where: repository,
    remedy: 'Check that git runs: type "git --version".',
  });
}
