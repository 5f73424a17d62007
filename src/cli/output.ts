/** What a stream can show, and writing to it. */

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

/** Writes text as it is, ended by one line break; resolves when the stream has taken it, or nobody reads any more. */
export function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  const ended = text.endsWith('\n') ? text : `${text}\n`;
  return new Promise((resolve) => {
    stream.write(ended, () => resolve());
  });
}

/** A reader that goes away (`| head`) is no error: what is left of the output is dropped. */
export function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
    });
  }
}
