/**
 * Bugs that a tool like this might well have, each as one replacement in the sources, and the tests that must go red with
 * it. `npm run seeded-bugs` seeds each in a copy of the checkout and runs those tests.
 */

export const bugs = [
  {
    name: 'unlinks are skipped',
    file: 'src/apply/links.ts',
    from: "...(await removeTargets(context, link, wanted('unlink'))),",
    to: '',
    tests: ['test/scenarios/requests.test.ts'],
  },
  {
    name: 'a list that is refused (403) counts as empty',
    file: 'src/graph/paging.ts',
    from: 'if (!outcome.ok) throw new GraphFailure(outcome.error);\n    const page',
    to: 'if (!outcome.ok && outcome.error.status === 403) return;\n    if (!outcome.ok) throw new GraphFailure(outcome.error);\n    const page',
    tests: ['test/graph', 'test/scenarios/incomplete.test.ts'],
  },
  {
    name: 'a link is removed without /$ref',
    file: 'src/graph/requests.ts',
    from: "return { method: 'DELETE', version: 'v1.0', path };",
    to: "return { method: 'DELETE', version: 'v1.0', path: path.replace('/$ref', '') };",
    tests: ['test/graph', 'test/scenarios/requests.test.ts'],
  },
  {
    name: 'gates are tightened before the links',
    file: 'src/model/plan.ts',
    from: "['loosen', 'objects', 'links', 'tighten', 'delete']",
    to: "['loosen', 'objects', 'tighten', 'links', 'delete']",
    tests: ['test/plan', 'test/apply'],
  },
  {
    name: 'user principal names are compared letter by letter',
    file: 'src/state/canonical.ts',
    from: 'return shape.caseInsensitive ? foldCase(value) : value;',
    to: 'return value;',
    tests: ['test/state', 'test/diff', 'test/plan'],
  },
  {
    name: 'the last page of a list is lost',
    file: 'src/graph/paging.ts',
    from: 'yield page.items;',
    to: 'if (page.next !== undefined || visited.size === 1) yield page.items;',
    tests: ['test/graph', 'test/collect'],
  },
  {
    name: 'sets are not sorted',
    file: 'src/state/canonical.ts',
    from: 'return [...byOrder.keys()].sort(byCodeUnit).map((text) => byOrder.get(text) as Json);',
    to: 'return [...byOrder.values()];',
    tests: ['test/state'],
  },
  {
    name: 'an update writes the whole object',
    file: 'src/apply/values.ts',
    from: 'const written = values.map(({ path, desired }) => {',
    to: 'const all = Object.entries(item.current.properties).map(([path, desired]) => ({ path, desired }));\n  const written = [...all, ...values].map(({ path, desired }) => {',
    tests: ['test/apply', 'test/scenarios/requests.test.ts'],
  },
  {
    name: 'values are not held against the live object before a write',
    file: 'src/apply/updates.ts',
    from: 'const stale = staleReason(type, set, canonical, mixedIn);',
    to: 'const stale = staleReason(type, [], canonical, mixedIn);',
    tests: ['test/apply'],
  },
  {
    name: 'success is reported despite failures',
    file: 'src/apply/links.ts',
    from: "context.report(reason === undefined ? { n, outcome: 'done' } : { n, outcome: 'failed', reason });",
    to: "context.report({ n, outcome: 'done' });",
    tests: ['test/apply'],
  },
  {
    name: 'a recovery with failures is called complete',
    file: 'src/recovery.ts',
    from: "return clean && verified ? 'complete' : 'incomplete';",
    to: "return 'complete';",
    tests: ['test/scenarios/administrator.test.ts'],
  },
];
