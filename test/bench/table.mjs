/** The result as a table. */

const HEAD = ['what', 'measured', 'floor', 'ratio', 'budget', 'met?', 'CPU', 'peak memory'];

/** Processes that stay below this are left to the JSON. */
const WORTH_SHOWING = 16 << 20;

/** A Markdown table of rows `{ what, measured, floor, ratio, budget, met, cpu, peak }`; what is not known is left empty. */
export function tableOf(rows) {
  const cells = [
    HEAD,
    ...rows.map(({ what, measured, floor, ratio, budget, met, cpu, peak }) => [
      what,
      measured,
      floor,
      ratio === undefined ? undefined : ratio.toFixed(2),
      budget,
      met === undefined ? undefined : met ? 'yes' : 'NO',
      cpu === undefined ? undefined : cpu.map(seconds).join(' / '),
      memoryOf(peak ?? {}),
    ]),
  ].map((row) => row.map((cell) => cell ?? ''));
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

function memoryOf(peak) {
  const shown = Object.entries(peak).filter(([, bytes]) => bytes >= WORTH_SHOWING);
  return shown.map(([name, bytes]) => `${name} ${megabytes(bytes)}`).join(', ');
}

export function seconds(value) {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

export function megabytes(bytes) {
  return `${Math.round(bytes / (1 << 20)).toLocaleString('en-US')} MiB`;
}

export function count(value) {
  return value.toLocaleString('en-US');
}
