/** Reads saved plans: what is wrong is said with line and column, and a plan that is not what was reviewed is refused. */

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { LineCounter, parseDocument } from 'yaml';
import type { Plan } from './model/plan.js';
import { EXIT, Failure } from './model/problem.js';
import { planId } from './plan/plan.js';

const SCHEMA = new URL('../schemas/output/plan.json', import.meta.url);
const REMEDY = 'Make the plan again with `knowngood plan --to REV -o FILE`.';

/** Parses and checks the text of a plan file. Throws a Failure (KG141 not JSON, KG142 another format, KG143 not a plan, KG144 edited). */
export function readPlan(text: string, file: string): Plan {
  const plan = parseJson(text, file);
  const format = (plan as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format !== 1) {
    throw new Failure({
      code: 'KG142',
      message: `The plan has format ${format}, and this version of knowngood reads format 1.`,
      where: file,
      remedy: 'Apply it with the version of knowngood that made it.',
    });
  }
  const validate = validator();
  if (!validate(plan)) {
    const [error] = validate.errors ?? [];
    const path = (error?.instancePath ?? '').split('/').slice(1);
    throw new Failure({
      code: 'KG143',
      message: `The file is not a plan: ${path.length === 0 ? 'it' : path.join('.')} ${error?.message ?? 'is not as it should be'}.`,
      where: `${file}${position(text, path)}`,
      remedy: REMEDY,
    });
  }
  const checked = plan as Plan;
  if (planId(checked) !== checked.id) {
    throw new Failure({
      code: 'KG144',
      message: 'The plan is not the one that was made: its content does not match its id.',
      where: file,
      remedy: `A plan cannot be edited. ${REMEDY}`,
      exit: EXIT.refused,
    });
  }
  return checked;
}

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  compiled ??= new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  return compiled;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const lines = new LineCounter();
    const [error] = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'json' }).errors;
    const at = error === undefined ? undefined : lines.linePos(error.pos[0]);
    throw new Failure({
      code: 'KG141',
      message: text.trim() === '' ? 'The file is empty.' : 'The file is not JSON.',
      where: at === undefined ? file : `${file}:${at.line}:${at.col}`,
      remedy: REMEDY,
      cause,
    });
  }
}

/** `:line:column` of the value at a path of a JSON text. */
function position(text: string, path: readonly string[]): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'json' });
  for (let length = path.length; length >= 0; length -= 1) {
    const steps = path.slice(0, length).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const node = length === 0 ? document.contents : document.getIn(steps, true);
    const start = (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
    if (start !== undefined) {
      const at = lines.linePos(start);
      return `:${at.line}:${at.col}`;
    }
  }
  return '';
}
