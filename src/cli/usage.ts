/** What is wrong with a command line, in our words instead of oclif's. Pure. */

import { stripVTControlCharacters } from 'node:util';
import { nearest } from '../model/nearest.js';
import { Failure } from '../model/problem.js';
import { leadingWords } from './argv.js';

/** What there is to know of a command for a good message. */
export interface CommandShape {
  /** As typed: `sandbox start`. */
  readonly name: string;
  /** As typed, with their dashes. */
  readonly options: readonly string[];
}

const UNKNOWN_COMMAND = 'KG002';
const UNKNOWN_OPTION = 'KG003';
const MISSING = 'KG004';
const UNEXPECTED_ARGUMENT = 'KG005';
const BAD_VALUE = 'KG006';

interface OclifError extends Error {
  readonly oclif: unknown;
  readonly args?: unknown;
  readonly flags?: unknown;
}

/** The Failure that an error of oclif's parser stands for; undefined for any other error. */
export function usageFailure(
  error: unknown,
  argv: readonly string[],
  commands: readonly CommandShape[],
): Failure | undefined {
  if (!isOclifError(error) || error.constructor.name === 'ModuleLoadError') return undefined;
  const words = leadingWords(argv).flatMap((word) => word.split(':'));
  const command = longestMatch(words, commands);
  if (/^command .* ?not found\.?$/is.test(error.message)) return notFound(argv, words, command, commands);
  const help = `Type "knowngood ${command === undefined ? '' : `${command.name} `}--help" for how to use it.`;
  switch (error.constructor.name) {
    case 'NonExistentFlagsError':
      return unknownOption(strings(error.flags)[0] ?? '', command?.options ?? [], help);
    case 'UnexpectedArgsError':
      return unexpectedArguments(strings(error.args), help);
    case 'RequiredArgsError':
      return missingArguments(error.args, help);
    case 'FailedFlagValidationError':
      return invalidOptions(error.message, help);
    default:
      return new Failure({ code: BAD_VALUE, message: sentence(error.message), remedy: help });
  }
}

/** A command line that lacks something only the command itself can tell. */
export function missing(what: string, remedy: string): Failure {
  return new Failure({ code: MISSING, message: `Missing ${what}.`, remedy });
}

function isOclifError(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error;
}

function longestMatch(words: readonly string[], commands: readonly CommandShape[]): CommandShape | undefined {
  return [2, 1]
    .map((count) => words.slice(0, count).join(' '))
    .map((name) => commands.find((command) => command.name === name))
    .find((command) => command !== undefined);
}

function notFound(
  argv: readonly string[],
  words: readonly string[],
  command: CommandShape | undefined,
  commands: readonly CommandShape[],
): Failure {
  const all = 'Type "knowngood --help" for the commands there are.';
  if (command !== undefined) {
    const extra = words.slice(command.name.split(' ').length);
    return unexpectedArguments(extra, `Type "knowngood ${command.name} --help" for how to use it.`);
  }
  const [first = ''] = words;
  if (words.length === 0 && argv[0] !== undefined) {
    const general = ['-C', '--repo', '--json', '--format', '--no-color'];
    if (general.some((option) => argv[0]?.startsWith(option))) return missing('command', all);
    return unknownOption(argv[0], [...general, '--help', '--version'], all);
  }
  const topic = commands.some(({ name }) => name.startsWith(`${first} `));
  const asked = topic ? words.slice(0, 2).join(' ') : first;
  const near = nearest(
    asked,
    commands.map(({ name }) => name),
  );
  return new Failure({ code: UNKNOWN_COMMAND, message: `Unknown command: ${asked}`, remedy: meant(near, all) });
}

function unknownOption(word: string, known: readonly string[], help: string): Failure {
  const option = word.replace(/=.*$/s, '');
  return new Failure({
    code: UNKNOWN_OPTION,
    message: `Unknown option: ${option}`,
    remedy: meant(nearest(option, known), help),
  });
}

function unexpectedArguments(words: readonly string[], help: string): Failure {
  return new Failure({
    code: UNEXPECTED_ARGUMENT,
    message: `Unexpected argument${words.length === 1 ? '' : 's'}: ${words.join(' ')}`,
    remedy: help,
  });
}

function missingArguments(args: unknown, help: string): Failure {
  const named = (Array.isArray(args) ? args : []).map((arg: { name?: string; description?: string }) => {
    const about = arg.description === undefined ? '' : ` (${arg.description.replace(/\.$/, '')})`;
    return `${(arg.name ?? '').toUpperCase()}${about}`;
  });
  return missing(`argument: ${named.join(', ')}`, help);
}

function invalidOptions(message: string, help: string): Failure {
  const reasons = clean(message)
    .split('\n')
    .slice(1)
    .map((reason) => reason.trim());
  const absent = reasons.flatMap((reason) => /^Missing required flag (.+)$/.exec(reason)?.[1] ?? []);
  if (absent.length > 0) return missing(`option: ${absent.map((name) => `--${name}`).join(', ')}`, help);
  return new Failure({ code: BAD_VALUE, message: sentence(reasons.join('; ')), remedy: help });
}

function meant(near: readonly string[], otherwise: string): string {
  if (near.length === 0) return otherwise;
  return `Did you mean ${near.join(' or ')}? ${otherwise}`;
}

function sentence(message: string): string {
  const text = clean(message)
    .replace(/^Parsing (--\S+)\s+/, '$1: ')
    .replace(/^Flag /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function clean(message: string): string {
  return stripVTControlCharacters(message).replaceAll('\nSee more help with --help', '');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
