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

/** Tests of hostile text put it everywhere, also where Graph has ids and dates. */
const isMadeUp = (test: string): boolean => test.startsWith('hostile/');

/** Each once; where several tests made it, one whose values are not made up. */
function distinct(recorded: readonly Recorded[]): Iterable<Recorded> {
  const found = new Map<string, Recorded>();
  for (const each of recorded) {
    const key = each.slice(0, 3).join('\t');
    const before = found.get(key);
    if (before === undefined || isMadeUp(before[3])) found.set(key, each);
  }
  return found.values();
}

/** The number of distinct requests, and every violation once, with a test that has it. */
export function verdict(recorded: readonly Recorded[], whole: boolean): { requests: number; violations: string[] } {
  const violations = new Map<string, string>();
  const requests = new Set<string>();
  const used = new Set<string>();
  for (const [request, path, value, test] of distinct(recorded)) {
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
          : judge(method, template, path, value, isMadeUp(test));
    if (wrong) violations.set([request, path, wrong].filter(Boolean).join(': '), test);
  }
  for (const key of whole ? Object.keys(BETA).filter((each) => !used.has(`beta ${each}`)) : [])
    violations.set(`beta ${key}: is listed, and no test makes it`, 'test/metadata/beta.json');
  return { requests: requests.size, violations: [...violations].map(([what, test]) => `${what} (${test})`) };
}
