/** What the raw reader read: every list by name, and in it every object by id. */
export type TenantDump = Record<string, Record<string, Record<string, unknown>>>;

export function readTenant(url: string, token?: string): Promise<TenantDump>;

export function compareTenants(before: TenantDump, after: TenantDump): string[];

/** How `live` falls short of `desired`, of which only what is alive counts. */
export function compareAlive(desired: TenantDump, live: TenantDump): string[];
