/** What a stream can show, and writing to it. */

import { reasonOf } from '../model/file-errors.js';
import { Failure } from '../model/problem.js';

type Environment = Readonly<Record<string, string | undefined>>;

export type OutputStream = NodeJS.WriteStream;

/** Whether to colour: the flag, then NO_COLOR, then FORCE_COLOR, then what the terminal is. */
export function colourOf(stream: Pick<OutputStream, 'isTTY'>, env: Environment, noColor = false): boolean {
  if (noColor) return false;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns to lay text out in; a file or a pipe has no width of its own. */
export function widthOf(stream: Pick<OutputStream, 'isTTY' | 'columns'>): number {
  if (stream.isTTY !== true) return 100;
  return stream.columns > 0 ? stream.columns : 80;
}

/**
 * Writes text as it is, ended by one line break; resolves when the stream has taken it, or nobody reads any more.
 *
 * @throws Failure KG151 when stdout leads to a file that cannot be written. What stderr cannot take is lost.
 */
export async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text === '') return;
  const ended = text.endsWith('\n') ? text : `${text}\n`;
  const error = await new Promise<Error | null | undefined>((resolve) => {
    stream.write(ended, resolve);
  });
  if (error instanceof Error && stream === process.stdout && !isWithoutReader(error)) throw unwritten(error);
}

/** What stdout could not take, whoever wrote it. */
export interface Output {
  /** Resolves when every error of what was written is known: to KG151 when something was lost. */
  failure(): Promise<Failure | undefined>;
  isLoss(error: unknown): boolean;
}

/** A reader that goes away (`| head`) is no error: what is left of the output is dropped. */
export function watchOutput(): Output {
  let lost: Error | undefined;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (!isWithoutReader(error)) lost ??= error;
  });
  return {
    async failure() {
      await new Promise((resolve) => setImmediate(resolve));
      return lost === undefined ? undefined : unwritten(lost);
    },
    isLoss: (error) => lost !== undefined && error === lost,
  };
}

function isWithoutReader(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'EOF' || error.code === 'ERR_STREAM_DESTROYED';
}

const STDOUT = 'stdout';

function unwritten(error: Error): Failure {
  return new Failure({
    code: 'KG151',
    message: `The result cannot be written: ${reasonOf(error)}.`,
    where: STDOUT,
    remedy: 'Make room where stdout leads; the work itself is done, and only its result is lost.',
    cause: error,
  });
}

/** Whether a failure is that stdout cannot be written: then it is no place to tell it. */
export function isOfOutput(failure: Failure): boolean {
  return failure.code === 'KG151' && failure.where === STDOUT;
}
