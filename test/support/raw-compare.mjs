/**
 * Compares two tenants as the raw reader read them.
 *
 * Everything counts but what IGNORED lists. Collections are compared without their order, because the directory has none;
 * texts, flags and dates must be the same to the letter.
 */

const IGNORED = new Set(['deletedDateTime', 'lastModifiedDateTime', 'modifiedDateTime', 'renewedDateTime']);

/** Lists of objects that connect others. */
const EDGES = new Set(['assignments', 'grants', 'roleAssignments']);
const BINS = /^deleted[A-Z]/;

/**
 * Says in words how two tenants differ; an empty list means that they are equal.
 * @param {Record<string, Record<string, Record<string, unknown>>>} before
 * @param {Record<string, Record<string, Record<string, unknown>>>} after
 * @returns {string[]}
 */
export function compareTenants(before, after) {
  const differences = [];
  for (const name of union(before, after)) {
    const [was, is] = [before[name] ?? {}, after[name] ?? {}];
    for (const id of union(was, is)) {
      const label = `${name}/${id} (${was[id]?.displayName ?? is[id]?.displayName})`;
      if (!(id in is)) differences.push(`${label}: missing afterwards`);
      else if (!(id in was)) differences.push(`${label}: not there before`);
      else compareValues(was[id], is[id], label, differences);
    }
  }
  return differences;
}

/**
 * Says how the second tenant falls short of the first: of every object that the first holds alive, nothing may differ.
 * What the second has beyond it does not count, except for edges: those too much are differences, unless they lead to
 * something that the first holds in a recycle bin.
 * @param {Record<string, Record<string, Record<string, unknown>>>} desired
 * @param {Record<string, Record<string, Record<string, unknown>>>} live
 * @returns {string[]}
 */
export function compareAlive(desired, live) {
  const bins = Object.entries(desired).flatMap(([name, objects]) => (BINS.test(name) ? Object.keys(objects) : []));
  const names = Object.keys(desired).filter((name) => !BINS.test(name));
  const considered = names.map((name) => {
    const wanted = desired[name];
    const matters = (id) =>
      id in wanted || (EDGES.has(name) && !bins.some((deleted) => id.split('_').includes(deleted)));
    return [name, Object.fromEntries(Object.entries(live[name] ?? {}).filter(([id]) => matters(id)))];
  });
  return compareTenants(Object.fromEntries(names.map((name) => [name, desired[name]])), Object.fromEntries(considered));
}

function compareValues(was, is, place, differences) {
  if (isObject(was) && isObject(is)) {
    for (const name of union(was, is)) {
      if (!isIgnored(name)) compareValues(was[name], is[name], `${place} ${name}`, differences);
    }
  } else if (Array.isArray(was) && Array.isArray(is)) {
    const lost = without(was, is);
    const added = without(is, was);
    for (const item of lost) differences.push(`${place}: lost ${item}`);
    for (const item of added) differences.push(`${place}: gained ${item}`);
  } else if (canonical(was) !== canonical(is)) {
    differences.push(`${place}: was ${canonical(was)}, is ${canonical(is)}`);
  }
}

/** The items of one list that the other has not, each as often as it is missing. */
function without(items, others) {
  const counts = new Map();
  for (const other of others) counts.set(canonical(other), (counts.get(canonical(other)) ?? 0) + 1);
  return items.map(canonical).filter((item) => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count <= 0;
  });
}

/** JSON with sorted members, without what is ignored; `absent` for a member that is not there. */
function canonical(value) {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => !isIgnored(name));
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(',')}}`;
}

function isIgnored(name) {
  return IGNORED.has(name) || name.endsWith('@odata.context');
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function union(a, b) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}
