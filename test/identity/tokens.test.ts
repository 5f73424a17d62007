import { expect, it } from 'vitest';
import { type IssuedToken, renewing } from '../../src/identity/tokens.js';

const HOUR = 3600_000;

/** An issuer that counts, on a clock that a test moves. */
function issuer() {
  let now = Date.parse('2026-11-20T14:00:00Z');
  const asked: (string | undefined)[] = [];
  let refusal: Error | undefined;
  const issue = async (claims: string | undefined): Promise<IssuedToken> => {
    asked.push(claims);
    await Promise.resolve();
    if (refusal !== undefined) throw refusal;
    return { token: `token ${asked.length}`, life: HOUR };
  };
  return {
    asked,
    token: renewing(issue, () => new Date(now)),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
  };
}

it('asks once, whoever asks at the same time, and again shortly before the end', async () => {
  const { token, asked, pass } = issuer();
  expect(await Promise.all([token(), token(), token()])).toEqual(['token 1', 'token 1', 'token 1']);
  pass(54 * 60_000);
  expect(await token()).toBe('token 1');
  pass(2 * 60_000);
  expect(await Promise.all([token(), token()])).toEqual(['token 2', 'token 2']);
  expect(asked).toHaveLength(2);
});

it('goes on with the old token while a renewal fails, until its end', async () => {
  const { token, asked, pass, refuse } = issuer();
  await token();
  refuse(new Error('no network'));
  pass(56 * 60_000);
  expect(await token()).toBe('token 1');
  expect(await token()).toBe('token 1');
  expect(asked).toHaveLength(2);
  pass(60_000);
  expect(await token()).toBe('token 1');
  expect(asked).toHaveLength(3);
  pass(4 * 60_000);
  await expect(token()).rejects.toThrow('no network');
  refuse(undefined);
  expect(await token()).toBe('token 5');
});

it('gets another token for one that was refused, with what it must satisfy, and once for all who were refused', async () => {
  const { token, asked } = issuer();
  const refused = await token();
  const challenge = { refused, claims: '{"access_token":{}}' };
  expect(await Promise.all([token(challenge), token(challenge)])).toEqual(['token 2', 'token 2']);
  expect(await token({ refused })).toBe('token 2');
  expect(asked).toEqual([undefined, '{"access_token":{}}']);
});
