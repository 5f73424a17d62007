/**
 * Whatever the texts of a tenant are, nothing that the product prints or writes about them does anything: documents in
 * every format, errors, commit messages, the journal, plans and names of files. Documents are those of real runs, over
 * HTTP and with real git; texts stand in every property of every type, in refusals, and in the names of unknown members.
 * HOSTILE_OBJECTS chooses how many objects of every variant there are.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBackups } from '../../src/backups.js';
import { asFailure, errorDocument, errorText } from '../../src/cli/errors.js';
import type { ApplyResult } from '../../src/model/documents.js';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Plan } from '../../src/model/plan.js';
import {
  backupsCsv,
  differenceCsv,
  planCsv,
  type RenderOptions,
  renderApply,
  renderBackups,
  renderDifference,
  renderJson,
  renderPlan,
  renderShownBackup,
  renderShownObject,
  renderSnapshot,
  renderValidation,
  shownBackupCsv,
  shownObjectCsv,
  validationCsv,
} from '../../src/report/index.js';
import { showBackup, showObject } from '../../src/shown.js';
import { validateFiles } from '../../src/validation.js';
import { parseCsv } from '../report/parse-csv.js';
import { allHostile, hostileKeys, longWords } from '../support/attacks.js';
import { inTurn } from '../support/hostile-objects.js';
import { type HostileTenant, hostileObjects, hostileTenant, registry } from '../support/hostile-tenant.js';
import { hiddenIn, markupIn } from '../support/rendered.js';
import { gitIn, surroundings } from '../support/scene.js';

const words = [...allHostile, ...longWords];
const MANY = Number(process.env.HOSTILE_OBJECTS ?? 3);
const next = inTurn(words);
const FAR = 2 ** 30;
const NOW = new Date('2026-11-20T14:35:00Z');
const HEADINGS =
  /^(?:Blocked|Failed|Skipped|Refused, while the rest of the object was written): |^\d+ (?:errors?|warnings?|notes?)$/;

/** A document with all its views. */
interface Printed {
  readonly document: unknown;
  readonly render: (options: RenderOptions) => string;
  readonly csv?: string;
}

let tenant: HostileTenant;
const printed = new Map<string, Printed>();
const told: unknown[] = [];
let plan: Plan;
let result: ApplyResult;

const refusal = () => ({ status: 403, body: { error: { code: next(), message: next() } } });

/** Members that nobody declared, in every complex value at the top of an object. */
function extended(object: JsonObject): JsonObject {
  const unknown = Object.fromEntries(hostileKeys.map((key) => [key, next()]));
  const grown = (value: Json): Json => (isJsonObject(value) ? { ...value, ...unknown } : value);
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, grown(value)]));
}

async function play(): Promise<void> {
  tenant = await hostileTenant(hostileObjects(words, MANY));
  const { graph, run, root } = tenant;
  const first = await run.snapshot();
  tenant.damage();
  for (const { name, bin } of registry.types) {
    const all = graph.objects.get(name) ?? [];
    graph.objects.set(
      name,
      all.map((object, n) => (n % 3 === 2 ? extended(object) : object)),
    );
    const gone = bin === undefined ? [] : (graph.objects.get(name) ?? []).splice(1, 1);
    graph.deleted.get(name)?.push(...gone.map((object) => ({ ...object, deletedDateTime: next() })));
  }
  const [unread] = registry.types.filter((type) => type.links.length === 0 && type.bin !== undefined && !type.sharded);
  graph.refuse = (method, path) => (method === 'GET' && path === unread?.path ? refusal() : undefined);
  const second = await run.snapshot();
  const difference = await run.diff({ desired: first.commit });
  plan = await run.plan(first.commit, { allowDelete: true });
  let asked = 0;
  graph.refuse = (method) => (method !== 'GET' && asked++ % 3 === 0 ? refusal() : undefined);
  result = await run.apply(plan);
  graph.refuse = () => undefined;
  printed.set('snapshot', { document: second, render: (options) => renderSnapshot(second, options) });
  printed.set('difference', {
    document: difference,
    render: (options) => renderDifference(difference, options),
    csv: differenceCsv(difference),
  });
  printed.set('plan', { document: plan, render: (options) => renderPlan(plan, options), csv: planCsv(plan) });
  printed.set('apply', { document: result, render: (options) => renderApply(result, options, plan) });
  const backups = await run.in((workspace) => listBackups(workspace));
  printed.set('backups', {
    document: backups,
    render: (options) => renderBackups(backups, options),
    csv: backupsCsv(backups),
  });
  const shown = await run.in((workspace) => showBackup(workspace, 'HEAD'));
  printed.set('backup', {
    document: shown,
    render: (options) => renderShownBackup(shown, options),
    csv: shownBackupCsv(shown),
  });
  for (const { type, object } of tenant.made.filter(
    ({ type }) => type.edge === undefined && type.singleton === undefined,
  )) {
    const id = String(object[type.keys[0]]);
    const one = await run.in((workspace) => showObject(workspace, first.commit, `${type.name}/${id}`));
    printed.set(`${type.name} ${id}`, {
      document: one,
      render: (options) => renderShownObject(one, options),
      csv: shownObjectCsv(one),
    });
    if (printed.size > 12) break;
  }
  await edit(root);
}

/** What a command throws, if it does. */
async function caught(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => told.push(error));
}

/** A person's edits that are wrong in many ways, and what is said of them. */
async function edit(root: string): Promise<void> {
  const { run } = tenant;
  const files = gitIn(root, 'ls-files', 'tenant-state/')
    .split('\n')
    .filter((_, n) => n % 3 === 0);
  for (const [n, file] of files.entries()) {
    const text = readFileSync(join(root, file), 'utf8');
    const key = hostileKeys[n % hostileKeys.length] as string;
    const wrong = [
      `${JSON.stringify(key)}: ${JSON.stringify(next())}\n`,
      `displayName: [${JSON.stringify(next())}\n`,
      `${next()}\n`,
      `&${next()}: *${next()}\n`,
    ];
    writeFileSync(
      join(root, file),
      n % 5 === 4 ? text.replace(/^id: .*$/m, () => `id: ${JSON.stringify(next())}`) : text + wrong[n % 4],
    );
  }
  const named = tenant.made.flatMap(({ type, object }) =>
    type.edge === undefined && type.label.includes('displayName') && typeof object.displayName === 'string'
      ? [`${type.name}/${object.displayName}`]
      : [],
  );
  const odd = named.filter((name) => name.length < 100 && hiddenIn(name).length > 0);
  for (const name of odd.slice(0, 6)) {
    for (const wanted of [name, `${name}x`, name.slice(0, -2)])
      await caught(run.in((workspace) => showObject(workspace, 'HEAD', wanted)));
    await caught(run.diff({ scope: { targets: [`${name}?`] } }));
  }
  gitIn(root, '-c', 'user.name=Ada', '-c', 'user.email=ada@contoso.com', 'commit', '-qam', 'By hand');
  await caught(run.diff());
  for (const file of files.slice(0, 10)) {
    const [, type, id] = /^tenant-state\/(\w+)\/(?:.+\/)?([^/]+)\.yaml$/.exec(file) ?? [];
    const name = registry.byFolder.get(type ?? '')?.name;
    if (name !== undefined) await caught(run.in((workspace) => showObject(workspace, 'HEAD', `${name}/${id}`)));
  }
  const found = await validateFiles({ directory: root }, surroundings(tenant.env));
  printed.set('validation', {
    document: found,
    render: (options) => renderValidation(found, options),
    csv: validationCsv(found),
  });
}

beforeAll(play, 600_000);
afterAll(() => tenant?.close());

describe('whatever the texts of a tenant are', () => {
  it('there is something of every kind to print', () => {
    expect(plan.summary).toMatchObject({ restore: expect.any(Number), update: expect.any(Number) });
    for (const count of ['restore', 'update', 'link', 'unlink', 'blocked'] as const)
      expect(plan.summary[count], count).toBeGreaterThan(0);
    expect(result.counts.failed).toBeGreaterThan(0);
    expect(result.counts.updated).toBeGreaterThan(0);
    expect(plan.coverage.live.gaps).not.toEqual([]);
    expect(plan.coverage.live.unrecognised).not.toEqual([]);
  });

  it('no character in the terminal does anything', () => {
    for (const [name, { render }] of printed) {
      const options = { format: 'text', now: NOW, maxGroups: FAR } as const;
      const plain = render({ ...options, color: false, width: 100 });
      expect(hiddenIn(plain), name).toEqual([]);
      expect(hiddenIn(render({ ...options, color: false, width: 40 })), name).toEqual([]);
      // The only commands are colours, and those are the product's.
      expect(render({ ...options, color: true, width: 100 }).replace(/\u001b\[[0-9;]{1,5}m/g, ''), name).toBe(plain);
    }
  });

  it('Markdown stays what it is when it is rendered', () => {
    for (const [name, { render }] of printed) {
      // A plan is shown whole; a difference report is made of the same parts.
      const size = name === 'difference' ? {} : { maxBytes: FAR };
      const markdown = render({ format: 'markdown', now: NOW, color: false, width: 80, ...size });
      expect(hiddenIn(markdown), name).toEqual([]);
      expect(markupIn(markdown, HEADINGS), name).toEqual([]);
    }
  });

  it('no cell of a spreadsheet calculates, ends a row or begins another cell', () => {
    for (const [name, { csv }] of printed) {
      if (csv === undefined) continue;
      const [head = [], ...rows] = parseCsv(csv);
      expect(
        rows.filter((row) => row.length !== head.length),
        name,
      ).toEqual([]);
      const cells = rows.flat();
      expect(
        cells.filter((cell) => /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|;\s*[=+@-]/.test(cell)),
        name,
      ).toEqual([]);
      expect(cells.flatMap(hiddenIn), name).toEqual([]);
      expect(
        cells.filter((cell) => cell.includes('\n')),
        name,
      ).toEqual([]);
    }
  });

  it('JSON is the document, and every character of it shows', () => {
    for (const [name, { document }] of printed) {
      const json = renderJson(document);
      expect(JSON.parse(json), name).toEqual(JSON.parse(JSON.stringify(document)));
      expect(hiddenIn(json), name).toEqual([]);
    }
  });

  it('errors are what they are: their own lines, and no others', () => {
    const failures = told.map(asFailure);
    for (const part of ['message', 'remedy'] as const)
      expect(
        failures.some((failure) => hiddenIn(failure[part] ?? '').length > 0),
        part,
      ).toBe(true);
    expect(told.length).toBeGreaterThan(20);
    for (const error of told) {
      const failure = asFailure(error);
      expect(failure.code).not.toBe('KG000');
      const lines = errorText(failure, false).split('\n');
      expect(lines.flatMap(hiddenIn)).toEqual([]);
      expect(lines.map((line) => /^(?:Error:| {2}where:| {2}do:) /.exec(line)?.[0].trim())).toEqual(
        ['Error:', 'where:', 'do:'].filter((_, at) => [true, failure.where, failure.remedy][at] !== undefined),
      );
      expect(hiddenIn(renderJson(errorDocument(failure)))).toEqual([]);
    }
  });

  it('a commit says what the product says, line by line', () => {
    const log = gitIn(tenant.root, 'log', '--all', '-z', '--format=%B').split('\0');
    expect(log.flatMap(hiddenIn)).toEqual([]);
    const names = log.map((message) =>
      message
        .trim()
        .split(/\n/)
        .map((line) => /^[A-Za-z]+(?:-[A-Za-z]+)*(?=: )|$/.exec(line)?.[0]),
    );
    const trailers = (kind: string, list: string) => [kind, '', ...list.split(' ').map((name) => `Knowngood-${name}`)];
    const allowed = [
      trailers('Snapshot', 'Tenant Captured Coverage Objects Schemas Version Read'),
      trailers('Recovery', 'Plan Tenant Desired Status'),
    ];
    for (const lines of names) if (lines.length > 1) expect(allowed).toContainEqual(lines);
    expect(names.filter((lines) => lines.length > 1).length).toBeGreaterThan(2);
  });

  it('the journal and the record of a recovery are lines of JSON, and a review that is inert', () => {
    const folder = join(tenant.root, '.knowngood', 'journal');
    const journals = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(journals.length).toBe(1);
    const lines = journals.flatMap((text) => text.trimEnd().split('\n'));
    expect(lines.map((line) => typeof JSON.parse(line).event)).toEqual(lines.map(() => 'string'));
    expect(lines.flatMap(hiddenIn)).toEqual([]);
    const record = (name: string) => gitIn(tenant.root, 'show', `recoveries:recoveries/${plan.id}/${name}`);
    expect(JSON.parse(record('plan.json'))).toEqual(JSON.parse(JSON.stringify(plan)));
    for (const name of ['plan.json', 'plan.md', 'result.json']) expect(hiddenIn(record(name)), name).toEqual([]);
    expect(markupIn(record('plan.md'), HEADINGS)).toEqual([]);
  });

  it('no text is the name of a file', () => {
    for (const revision of ['main', 'recoveries', `refs/knowngood/live/${plan.id}`]) {
      const names = gitIn(tenant.root, 'ls-tree', '-r', '-t', '-z', '--name-only', revision)
        .split('\0')
        .filter(Boolean);
      expect(names.length).toBeGreaterThan(2);
      expect(names.filter((name) => !/^\.?[A-Za-z0-9][A-Za-z0-9_/-]*(?:\.(?:yaml|json|md))?$/.test(name))).toEqual([]);
    }
    expect(readdirSync(join(tenant.root, '..'))).toEqual(['state']);
  });
});
