/** Saved plans. */

import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Plan } from '../model/plan.js';
import { Failure } from '../model/problem.js';
import { asArgument } from '../names.js';
import type { OutputFlags } from './base-command.js';
import { readText, unwritable, writeAtomically } from './files.js';
import { write } from './output.js';

export async function loadPlan(file: string): Promise<Plan> {
  const text = await readText(file, 'plan');
  const { readPlan } = await import('../recovery.js');
  return readPlan(text, file);
}

/** Whether a word of the command line means a plan: it names a file, or can mean nothing else. */
export async function isPlanFile(word: string): Promise<boolean> {
  return word.endsWith('.json') || (await stat(word).catch(() => undefined))?.isFile() === true;
}

export function refuseObjectOfPlan(object: string | undefined): void {
  if (object === undefined) return;
  throw new Failure({
    code: 'KG005',
    message: `Unexpected argument: ${object}`,
    remedy: 'A plan is shown as a whole; an object is shown at a backup, such as HEAD or a date.',
  });
}

/** Refuses, before anything is read from the tenant, to put a plan in the place of something else. */
export async function refuseOverwriting(file: string): Promise<void> {
  await refuseNowhere(file);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (found.isFile() && (found.size === 0 || (await isPlan(file))))) return;
  throw new Failure({
    code: 'KG151',
    message: `The plan cannot be written: ${found.isDirectory() ? 'it is a folder' : 'there is something else already, and it is no plan'}.`,
    where: file,
    remedy: 'Give it another name.',
  });
}

async function refuseNowhere(file: string): Promise<void> {
  try {
    const folder = dirname(resolve(file));
    await readdir(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw unwritable(file, 'plan', cause);
  }
}

async function isPlan(file: string): Promise<boolean> {
  try {
    const { format, actions } = JSON.parse(await readFile(file, 'utf8')) as { format?: unknown; actions?: unknown };
    return typeof format === 'number' && Array.isArray(actions);
  } catch {
    return false;
  }
}

export async function savePlan(plan: Plan, file: string): Promise<void> {
  const { renderJson } = await import('../report/json.js');
  await writeAtomically(file, renderJson(plan), 'plan');
}

/** After the plan itself; beside a document for machines it goes to stderr, or nowhere. */
export async function tellWhereSaved(
  plan: Plan,
  flags: OutputFlags & { readonly out?: string | undefined; readonly repo?: string | undefined },
): Promise<void> {
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if (format === 'json') return;
  const stream = format === 'text' ? process.stdout : process.stderr;
  if (flags.out !== undefined && plan.actions.length === 0) {
    await write(stream, `\nSaved the plan to: ${flags.out}\nThere is nothing in it to apply.\n`);
  } else if (flags.out !== undefined) {
    const at = flags.repo === undefined ? '' : ` -C ${quoted(flags.repo)}`;
    await write(
      stream,
      `\nSaved the plan to: ${flags.out}\nTo apply it, type:\n  knowngood apply ${quoted(flags.out)}${at}\n`,
    );
  } else if (plan.actions.length > 0) {
    await write(process.stderr, '\nThe plan was not saved. To apply it later, make it again with -o FILE.\n');
  }
}

/** The person's own path, as it was typed. */
function quoted(path: string): string {
  return asArgument(path) ?? `"${path}"`;
}
