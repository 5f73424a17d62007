/** Runs one command line, and tells every error in one way. */

import type { Failure } from '../model/problem.js';
import { arrange, wantsJson } from './argv.js';
import { colourOf, isOfOutput, watchOutput, widthOf, write } from './output.js';
import { asksForRootHelp, readProduct, rootHelp } from './root-help.js';

/** `root`: folder of the package, where package.json and the command manifest are. */
export async function main(argv: readonly string[], root: string): Promise<void> {
  const output = watchOutput();
  process.on('uncaughtException', (error) => {
    // oclif throws what stdout could not take; it is told at the end, like any other error.
    if (!output.isLoss(error)) void report(error, argv, root).finally(() => process.exit());
  });
  const words = arrange(argv);
  try {
    if (asksForRootHelp(words) && (await showRootHelp(root))) return;
    await runCommand(words, root);
    const failure = await output.failure();
    if (failure !== undefined) throw failure;
  } catch (error) {
    await report(error, argv, root);
  }
}

/** oclif takes longer to load than everything else about the overview: it is told without. */
async function showRootHelp(root: string): Promise<boolean> {
  const product = await readProduct(root);
  if (product === undefined) return false;
  const { stdout, env } = process;
  const width = stdout.isTTY ? widthOf(stdout) : 80;
  await write(stdout, rootHelp(product, { width, color: colourOf(stdout, env) }));
  return true;
}

async function runCommand(words: string[], root: string): Promise<void> {
  const [{ run }, { settings }] = await Promise.all([import('@oclif/core/run'), import('@oclif/core/settings')]);
  // oclif would look for TypeScript sources when NODE_ENV says "test" or "development".
  settings.enableAutoTranspile = false;
  await run(words, { root, userPlugins: false, devPlugins: false });
}

async function report(error: unknown, argv: readonly string[], root: string): Promise<void> {
  const { errorDocument, errorText, stackOf, UNEXPECTED } = await import('./errors.js');
  const { renderJson } = await import('../report/json.js');
  const failure = await failureOf(error, arrange(argv), root);
  process.exitCode = failure.exit;
  const { stderr, env } = process;
  const width = stderr.isTTY ? widthOf(stderr) : undefined;
  const text = errorText(failure, colourOf(stderr, env, argv.includes('--no-color')), width);
  const tell = () => write(process.stderr, text);
  if (!wantsJson(argv) || isOfOutput(failure)) await tell();
  else await write(process.stdout, renderJson(errorDocument(failure))).catch(tell);
  const debug = process.env.KNOWNGOOD_DEBUG;
  if (debug === '1' && (failure.code === UNEXPECTED || failure.cause !== undefined)) {
    await write(process.stderr, stackOf(failure.code === UNEXPECTED ? (failure.cause ?? failure) : failure));
  }
}

async function failureOf(error: unknown, argv: readonly string[], root: string): Promise<Failure> {
  const [{ asFailure }, { usageFailure }] = await Promise.all([import('./errors.js'), import('./usage.js')]);
  if (!(error instanceof Error && 'oclif' in error)) return asFailure(error);
  const { Config } = await import('@oclif/core/config');
  const config = await Config.load({ root, userPlugins: false, devPlugins: false });
  const commands = config.commands.map((command) => ({
    name: command.id.replaceAll(':', ' '),
    options: Object.entries(command.flags).flatMap(([name, flag]) => [
      `--${name}`,
      ...(flag.char === undefined ? [] : [`-${flag.char}`]),
    ]),
  }));
  return usageFailure(error, argv, commands) ?? asFailure(error);
}
