import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/graph/client.js';
import type { Json } from '../../src/model/json.js';

const ROOT = 'https://graph.example';
const FIRST = { method: 'GET', version: 'v1.0', path: '/users' } as const;

/** A client of a list whose pages lead on as `next` says; `asked` are the pages that were asked for so far. */
function listOf(next: readonly (number | undefined)[]) {
  const asked: number[] = [];
  const client = createClient({
    root: ROOT,
    token: async () => 'secret',
    fetch: async (url) => {
      const page = Number(new URL(String(url)).searchParams.get('page') ?? 0);
      asked.push(page);
      const link = next[page];
      const body: Record<string, Json> = { value: [page] };
      if (link !== undefined) body['@odata.nextLink'] = `${ROOT}/v1.0/users?page=${link}`;
      return new Response(JSON.stringify(body), { status: 200 });
    },
  });
  return { pages: client.pages(FIRST), asked };
}

describe('pages of a list', () => {
  it('come in order, and one of them is asked for ahead', async () => {
    const { pages, asked } = listOf([1, 2, 3, undefined]);
    const seen: unknown[] = [];
    for await (const [item] of pages) {
      seen.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked.length).toBe(Math.min(seen.length + 1, 4));
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('that lead back are not asked for again', async () => {
    const { pages, asked } = listOf([1, 2, 1]);
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const [item] of pages) seen.push(item);
    };
    await expect(reading()).rejects.toThrow('InvalidPage');
    expect([seen, asked]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });
});
