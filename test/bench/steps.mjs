/** What is measured, one row after the other. */

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, git, makeRepository, writeImport } from './git-work.mjs';
import { medians, run } from './measure.mjs';
import { CONFIG, EXECUTABLE } from './prepare.mjs';
import { startReplay } from './replay.mjs';
import { count, megabytes, seconds } from './table.mjs';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const GIBIBYTE = 1 << 30;

/**
 * `times`: how often small commands are started; `brief`: never, and differences in one format only; `only`: `diff` for the
 * difference report, and of the rest what it needs.
 */
export async function* steps(tenant, { times, brief, only }, say) {
  const { folder } = tenant;
  const repository = join(folder, 'state.git');
  for (const name of ['state.git', 'import.git', 'files']) rmSync(join(folder, name), { recursive: true, force: true });
  makeRepository(repository, CONFIG);
  const server = await startReplay(folder);
  const bench = { ...tenant, repository, server, times, brief, say };
  try {
    if (only === 'diff') await measured(bench, 'first snapshot', ['snapshot']);
    else yield* backups(bench);
    yield* comparison(bench);
    if (only !== 'diff') yield* recovery(bench);
  } finally {
    server.stop();
  }
  if (!brief && only === undefined) yield* starts(bench);
}

/** Runs the product against the static server, then the plain loop with what it asked. */
async function measured({ folder, repository, server, say }, what, args, stdout) {
  say(what);
  const log = join(folder, 'requests.log');
  await server.steer('log');
  const options = {
    env: environment({ KNOWNGOOD_GRAPH_URL: server.url }),
    ...(stdout === undefined ? {} : { stdout }),
  };
  const product = await run('knowngood', process.execPath, [EXECUTABLE, ...args, '-C', repository], options);
  const requests = await server.steer('unlog', log);
  return { ...product, requests, log, peak: { ...product.peak, server: server.peak() ?? 0 } };
}

async function floorOf({ server, say }, what, { log }) {
  say(`${what}: the floor`);
  return run('floor', process.execPath, [script('floor.mjs'), server.url, log], { env: environment() });
}

async function* backups(bench) {
  const { folder, repository, say } = bench;
  const first = await measured(bench, 'first snapshot', ['snapshot']);
  const floor = await floorOf(bench, 'first snapshot', first);
  const ownWork = first.seconds - floor.seconds;
  say('git fast-import of the same blobs');
  const stream = join(folder, 'import.stream');
  await writeImport(repository, stream);
  const other = join(folder, 'import.git');
  makeRepository(other, CONFIG);
  const imported = await run('git fast-import', 'git', ['fast-import', '--quiet'], {
    cwd: other,
    env: environment(),
    stdin: stream,
  });
  rmSync(stream);
  rmSync(other, { recursive: true, force: true });
  yield {
    what: `first snapshot of ${count(bench.objects)} objects`,
    measured: seconds(first.seconds),
    floor: `${seconds(floor.seconds)} (fetch and parse)`,
    ratio: first.seconds / floor.seconds,
    cpu: [first.cpu, floor.cpu],
    peak: first.peak,
  };
  yield {
    what: 'the same, beyond the floor',
    measured: seconds(ownWork),
    floor: `${seconds(imported.seconds)} (git fast-import)`,
    ratio: ownWork / imported.seconds,
    budget: '≤ 1.5 × fast-import',
    met: ownWork <= 1.5 * imported.seconds,
    cpu: [first.cpu - floor.cpu, imported.cpu],
    peak: imported.peak,
  };
  say('files and git add of the same');
  const files = join(folder, 'files');
  mkdirSync(files);
  git(files, ['init', '--quiet']);
  const plain = await run('files', process.execPath, [script('plain-files.mjs'), repository, files], {
    env: environment(),
  });
  rmSync(files, { recursive: true, force: true });
  yield {
    what: 'the same as files, and git add',
    measured: seconds(plain.seconds),
    floor: `${seconds(ownWork)} (knowngood beyond the floor)`,
    ratio: plain.seconds / ownWork,
    budget: '≥ 4 ×',
    met: plain.seconds >= 4 * ownWork,
    cpu: [plain.cpu, first.cpu - floor.cpu],
    peak: plain.peak,
  };
  const again = await measured(bench, 'snapshot again, nothing changed', ['snapshot', '--full']);
  const floorAgain = await floorOf(bench, 'snapshot again', again);
  yield {
    what: 'snapshot again, nothing changed',
    measured: seconds(again.seconds),
    floor: seconds(floorAgain.seconds),
    ratio: again.seconds / floorAgain.seconds,
    budget: '≤ 3 × floor',
    met: again.seconds <= 3 * floorAgain.seconds,
    cpu: [again.cpu, floorAgain.cpu],
    peak: again.peak,
  };
}

async function* comparison(bench) {
  const { folder, server, tenth } = bench;
  const allowed = Math.max(1, (60 * bench.objects) / 1_000_000);
  const out = join(folder, 'difference');
  await server.steer('state/tenth');
  for (const format of bench.brief ? ['json'] : ['json', 'text']) {
    const what = `diff --format ${format}, ${count(tenth.users)} users and ${count(tenth.links)} links changed`;
    const report = await measured(bench, what, ['diff', '--format', format], out);
    const floor = await floorOf(bench, what, report);
    const beyond = report.seconds - floor.seconds;
    yield {
      what: `${what} (${megabytes(statSync(out).size)})`,
      measured: `${seconds(report.seconds)}: ${seconds(beyond)} beyond`,
      floor: seconds(floor.seconds),
      ratio: report.seconds / floor.seconds,
      budget: `≤ ${seconds(allowed)} beyond, ≤ 1 GiB`,
      met: beyond <= allowed && report.peak.knowngood <= GIBIBYTE,
      cpu: [report.cpu, floor.cpu],
      peak: report.peak,
    };
    rmSync(out);
  }
}

async function* recovery(bench) {
  const { folder, server, all } = bench;
  const plan = join(folder, 'plan.json');
  rmSync(plan, { force: true });
  await server.steer('state/all');
  const made = await measured(bench, `plan of ${count(all.users)} updates and ${count(all.links)} links`, [
    'plan',
    '--to',
    'main',
    '-o',
    plan,
  ]);
  const floor = await floorOf(bench, 'plan', made);
  yield {
    what: `plan -o, ${count(all.users)} updates and ${count(all.links)} links (${megabytes(statSync(plan).size)})`,
    measured: seconds(made.seconds),
    floor: seconds(floor.seconds),
    ratio: made.seconds / floor.seconds,
    cpu: [made.cpu, floor.cpu],
    peak: made.peak,
  };
  const applied = await measured(bench, 'apply', ['apply', plan]);
  const judged = await server.steer('report');
  await server.steer('state/all');
  const floorApplied = await floorOf(bench, 'apply', applied);
  rmSync(plan);
  yield {
    what: `apply of it, with verification (${count(applied.requests)} requests)`,
    measured: seconds(applied.seconds),
    floor: seconds(floorApplied.seconds),
    ratio: applied.seconds / floorApplied.seconds,
    cpu: [applied.cpu, floorApplied.cpu],
    peak: applied.peak,
  };
  yield {
    what: 'writes of the apply',
    measured: `${count(judged.writes)}: ${count(judged.unneeded)} unneeded, ${count(judged.missing)} missing`,
    floor: `${count(judged.expected.updates + judged.expected.fewest)} needed`,
    budget: 'none unneeded',
    met: judged.unneeded === 0 && judged.missing === 0,
  };
  yield {
    what: `requests for ${count(judged.links)} members`,
    measured: count(judged.packs),
    floor: `${count(judged.expected.fewest)} of 20`,
    ratio: judged.packs / Math.max(1, judged.expected.fewest),
    budget: 'the fewest',
    met: judged.packs === judged.expected.fewest,
  };
}

/** How long small commands take from start to end. */
async function* starts({ repository, times, say }) {
  say('starts of small commands');
  const commands = [['--help'], ['diff', '--help'], ['backups', '-C', repository]];
  const programs = [['-e', '0'], ...commands.map((args) => [EXECUTABLE, ...args])];
  const [node, ...taken] = medians(programs, times, { env: environment() });
  for (const [index, args] of commands.entries()) {
    const ratio = taken[index] / node;
    yield {
      what: `knowngood ${args.filter((word) => !word.includes('/') && word !== '-C').join(' ')} (median of ${times})`,
      measured: seconds(taken[index]),
      floor: `${seconds(node)} (node -e 0)`,
      ratio,
      ...(index === 0 ? { budget: '≤ 3 × node', met: ratio <= 3 } : {}),
    };
  }
}
