/** The examples of Microsoft's documentation: a request, and the answer that a page shows to it. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export interface Example {
  /** The files it is made of: the request, the answer, or both. */
  readonly files: readonly string[];
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  /** Path and query as the page writes them. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly status: number;
  readonly answer?: JsonObject;
  /** Values of the answer are names of what would be there: `displayName-value`. */
  readonly placeholders: boolean;
}

interface File {
  readonly page: string;
  readonly version: string | null;
  readonly kind: 'request' | 'response';
  readonly http: string | null;
  readonly status: number | null;
  readonly headers: readonly string[] | null;
  readonly placeholders: boolean;
  readonly body: JsonObject;
}

const VARIABLE = 'KNOWNGOOD_CORPUS';
const BESIDE = '../shared/corpus';

/** The examples of the corpus that the environment names, or else is beside the repository; or why there are none. */
export function readExamples(): { readonly examples: readonly Example[] } | { readonly missing: string } {
  const named = process.env[VARIABLE];
  const repository = fileURLToPath(new URL('../../', import.meta.url));
  const folder = join(named === undefined ? resolve(repository, BESIDE) : resolve(named), 'docs');
  if (!existsSync(folder)) return { missing: `no corpus at ${named ?? BESIDE} (set ${VARIABLE})` };
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'MANIFEST.json')
    .sort();
  const files = names.map((name): [string, File] => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
  return { examples: paired(files) };
}

/** A request and the answer that follows it on the page are one example. */
function paired(files: readonly (readonly [string, File])[]): Example[] {
  const examples: Example[] = [];
  for (let at = 0; at < files.length; at += 1) {
    const [name, file] = files[at] as (typeof files)[number];
    const [nextName, next] = files[at + 1] ?? ['', undefined];
    const hasAnswer =
      file.kind === 'request' && next?.kind === 'response' && next.page === file.page && next.http === file.http;
    if (hasAnswer) at += 1;
    const response = hasAnswer ? next : file.kind === 'response' ? file : undefined;
    examples.push(example(hasAnswer ? [name, nextName] : [name], file, response));
  }
  return examples;
}

/** Pages show these requests in another place than the answer, and the corpus has the line of another one. */
const LINES: Readonly<Record<string, string>> = {
  'beta.temporaryaccesspassauthenticationmethodconfiguration-get.1.json':
    'GET /beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass',
  'concept-aad-advanced-queries.1.json': 'GET /v1.0/users/$count',
  'concept-aad-advanced-queries.2.json': 'GET /v1.0/applications?$search="displayName:Browser"',
  'concept-aad-advanced-queries.3.json': "GET /v1.0/users?$filter=endswith(mail,'@hotmail.com')",
  'concept-aad-advanced-queries.4.json': "GET /v1.0/users?$filter=companyName ne 'Microsoft'",
};

function example(files: readonly string[], request: File, response: File | undefined): Example {
  const line = LINES[files[0] ?? ''] ?? request.http ?? '';
  const [, method = 'GET', version, path = ''] =
    /^(\w+) (?:https:\/\/graph\.microsoft\.com)?(?:\/(v1\.0|beta))?(\/.*)$/.exec(line) ?? [];
  const isError = request.kind === 'request' && 'error' in request.body;
  const body = request.kind === 'request' && !isError && method !== 'GET' ? request.body : undefined;
  const answer = isError ? request.body : bare(response?.body);
  const sent = request.kind === 'request' ? (request.headers ?? []) : [];
  return {
    files,
    method,
    version: version === 'beta' ? 'beta' : 'v1.0',
    path,
    headers: {
      ...Object.fromEntries(
        sent.filter((each) => /^prefer:/i.test(each)).map((each) => ['prefer', each.slice(7).trim()]),
      ),
      ...(!isError && /\$(?:count|search)=/.test(path) ? { consistencylevel: 'eventual' } : {}),
    },
    ...(body === undefined ? {} : { body }),
    status: isError ? 400 : (response?.status ?? usual(method, path)),
    ...(answer === undefined ? {} : { answer }),
    placeholders: response?.placeholders ?? false,
  };
}

/** Some pages put one object into a `value`, which only lists have. */
function bare(body: JsonObject | undefined): JsonObject | undefined {
  const value = body?.value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : body;
}

/** What pages without a shown answer say: "204 No Content", or "201 Created" for something new. */
function usual(method: string, path: string): number {
  if (path === '/$batch') return 200;
  return method === 'POST' && !path.endsWith('/$ref') ? 201 : 204;
}
