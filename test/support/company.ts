/** The generated company as the tenant of a scene, and its objects by name. */

import { generateTenant } from '../../src/sandbox/tenant.js';
import type { TenantDump } from './raw-reader.mjs';
import { type Scene, sceneForTest } from './scene.js';

type Properties = Readonly<Record<string, unknown>>;

export interface Company extends Scene {
  /** The id of what is called like this in a list of the raw reader, at the first backup. */
  id(list: string, displayName: string): string;
  /** The tenant as it was at the first backup. */
  readonly good: TenantDump;
}

/** A company of twenty people, an agent among them, of which there is one backup. It is gone after the test. */
export async function companyForTest(): Promise<Company> {
  const scene = await sceneForTest({ seed: generateTenant(20, new Date().toISOString()) });
  await scene.run.snapshot();
  const good = await scene.dump();
  scene.requests();
  const id = (list: string, displayName: string): string => {
    const ids = Object.entries(good[list] ?? {}).flatMap(([key, object]) =>
      object.displayName === displayName ? [key] : [],
    );
    if (ids.length !== 1) throw new Error(`${ids.length} of ${list} are called ${displayName}`);
    return ids[0] as string;
  };
  return { ...scene, good, id };
}

/** A list that Graph answers. */
export async function listOf(scene: Scene, path: string): Promise<readonly Properties[]> {
  const { value } = await scene.graph('GET', path);
  if (!Array.isArray(value)) throw new Error(`not a list: ${path}`);
  return value as Properties[];
}

/** What a person changed in the repository, as a commit. */
export function commitAll(scene: Scene, message: string): void {
  scene.git('-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', 'commit', '--quiet', '--all', '-m', message);
}
