/**
 * Ids in an array that is kept sorted, so that a page can start after any id without looking at what comes before it.
 */

/** A sorted array of the given ids without repetitions. */
export function sortedIds(ids: Iterable<string>): string[] {
  return [...new Set(ids)].sort();
}

/** Where the id is, or where it would have to be inserted. */
function positionOf(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function hasId(ids: readonly string[], id: string): boolean {
  return ids[positionOf(ids, id)] === id;
}

/** Inserts an id unless it is there. */
export function addId(ids: string[], id: string): void {
  const position = positionOf(ids, id);
  if (ids[position] !== id) ids.splice(position, 0, id);
}

/** Removes an id if it is there. */
export function removeId(ids: string[], id: string): void {
  const position = positionOf(ids, id);
  if (ids[position] === id) ids.splice(position, 1);
}

/** The position of the first id after the given one; 0 without one. The id itself need not be in the array. */
export function positionAfter(ids: readonly string[], id: string | undefined): number {
  if (id === undefined) return 0;
  const position = positionOf(ids, id);
  return ids[position] === id ? position + 1 : position;
}
