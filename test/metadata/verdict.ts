/** What is wrong with the requests of a run. */

import beta from './beta.json' with { type: 'json' };
import documented from './documented.json' with { type: 'json' };
import { judge } from './judge.js';

/** A request, a path inside its body, the kind of value there, and the test file. */
export type Recorded = readonly [request: string, path: string, value: string | null, test: string];

const METHODS: Readonly<Record<string, string>> = documented;
const BETA: Readonly<Record<string, string>> = beta;

/** Ids that are words or short codes, or that a test made up, were recorded as they are. */
const NAMED =
  /((?:^\/(?:users|groups|applications|servicePrincipals|oauth2PermissionGrants))|authenticationMethodConfigurations|authenticationContextClassReferences)\/(?!delta|\$|microsoft\.graph\.)[^/?]+/;

/** The number of distinct requests, and every violation once, with a test that has it. */
export function verdict(recorded: readonly Recorded[], whole: boolean): { requests: number; violations: string[] } {
  const violations = new Map<string, string>();
  const requests = new Set<string>();
  const used = new Set<string>();
  for (const [request, path, value, test] of new Map(
    recorded.map((each) => [each.slice(0, 3).join('\t'), each]),
  ).values()) {
    requests.add(request);
    const [method = '', version = '', ...rest] = request.split(' ');
    const template = rest.join(' ').replace(NAMED, '$1/{id}');
    const key = `${method} ${template.replace(/\?.*$/s, '')}`;
    used.add(`${version} ${key}`);
    const wrong =
      version === 'beta'
        ? BETA[key] === undefined && 'a request to beta without a reason in test/metadata/beta.json'
        : METHODS[key] === undefined
          ? 'no page of the documentation is listed for it in test/metadata/documented.json'
          : judge(method, template, path, value);
    if (wrong) violations.set([request, path, wrong].filter(Boolean).join(': '), test);
  }
  for (const key of whole ? Object.keys(BETA).filter((each) => !used.has(`beta ${each}`)) : [])
    violations.set(`beta ${key}: is listed, and no test makes it`, 'test/metadata/beta.json');
  return { requests: requests.size, violations: [...violations].map(([what, test]) => `${what} (${test})`) };
}
