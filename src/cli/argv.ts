/** The command line before oclif sees it. Pure. */

const TAKES_VALUE = new Set(['-C', '--repo', '--format']);
const STANDS_ALONE = new Set(['--json', '--no-color']);

/** True when the person asked for JSON, whether or not the rest of the command line makes sense. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  return options.some(
    (word, index) =>
      word === '--json' || word === '--format=json' || (word === '--format' && options[index + 1] === 'json'),
  );
}

/**
 * Brings a command line into the order oclif expects: `knowngood -C acme diff` means `knowngood diff -C acme`, and
 * `knowngood help diff` means `knowngood diff --help`.
 */
export function arrange(argv: readonly string[]): string[] {
  const leading = leadingOptions(argv);
  const rest = argv.slice(leading.length);
  if (rest[0] === 'help') return [...rest.slice(1), '--help'];
  if (rest.length === 0 || leading.length === 0) return [...argv];
  const end = rest.indexOf('--');
  const cut = end === -1 ? rest.length : end;
  return [...rest.slice(0, cut), ...leading, ...rest.slice(cut)];
}

/** The words before the first option: a command and perhaps its arguments. */
export function leadingWords(argv: readonly string[]): string[] {
  const first = argv.findIndex((word) => word.startsWith('-'));
  return argv.slice(0, first === -1 ? argv.length : first);
}

function leadingOptions(argv: readonly string[]): readonly string[] {
  let count = 0;
  for (;;) {
    const word = argv[count];
    if (word === undefined) break;
    if (TAKES_VALUE.has(word)) count = Math.min(count + 2, argv.length);
    else if (STANDS_ALONE.has(word) || /^(?:-C.|--repo=|--format=)/.test(word)) count += 1;
    else break;
  }
  return argv.slice(0, count);
}
