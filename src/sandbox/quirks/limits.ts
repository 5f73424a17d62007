/**
 * What Microsoft Graph does and its metadata does not say, as data. Each table names the documentation page it comes
 * from; "observed" marks behaviour that people report and no page states. Here: numbers: page sizes, limits of one request, lifetimes.
 */

/** Page size without `$top`, and the largest `$top`. Source: "List users", "List groups", "List group members". */
export const pageSize = { standard: 100, largest: 999 } as const;

/** Most values of one `in` operator. Source: "Use the $filter query parameter". */
export const inOperatorLimit = 15;

/** Most references one PATCH can add. Source: "Add members" (group: post members). */
export const bindLimit = 20;

/** Most ids a `$filter` of change tracking may name. Source: "Use delta query to track changes in Microsoft Graph data". */
export const deltaFilterLimit = 50;

/** Most requests of one batch. Source: "Combine multiple HTTP requests using JSON batching". */
export const batchLimit = 20;

/** How long a soft-deleted object can be restored, in days. Source: "directory resource type", "Restore deleted item". */
export const binDays = 30;
export const binMilliseconds = binDays * 24 * 60 * 60 * 1000;
