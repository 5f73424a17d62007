/** What a value of a switch must be, as data: each check tells what is wrong, with the place, or nothing. */

/** Tells what is wrong with a value; `at` names its place in the sentence. Undefined: nothing is. */
export type Check = (value: unknown, at: string) => string | undefined;

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const must = (what: string, holds: (value: unknown) => boolean): Check => {
  return (value, at) => (holds(value) ? undefined : `${at} must be ${what}, and not ${shown(value)}.`);
};

export const flag: Check = must('true or false', (value) => typeof value === 'boolean');

export const text: Check = must('a text', (value) => typeof value === 'string');

/** A number between two bounds, both included. */
export function number(smallest: number, largest = Number.MAX_VALUE): Check {
  const range = largest === Number.MAX_VALUE ? `of ${smallest} or more` : `from ${smallest} to ${largest}`;
  return must(`a number ${range}`, (value) => typeof value === 'number' && value >= smallest && value <= largest);
}

/** A whole number between two bounds, both included. */
export function whole(smallest: number, largest = Number.MAX_SAFE_INTEGER): Check {
  const range = largest === Number.MAX_SAFE_INTEGER ? `of ${smallest} or more` : `from ${smallest} to ${largest}`;
  return must(
    `a whole number ${range}`,
    (value) => Number.isInteger(value) && Number(value) >= smallest && Number(value) <= largest,
  );
}

export function oneOf(...words: readonly (string | number)[]): Check {
  return must(`one of ${words.map(shown).join(', ')}`, (value) => words.some((word) => word === value));
}

/** A regular expression, as text. */
export const pattern: Check = (value, at) => {
  if (typeof value !== 'string') return text(value, at);
  try {
    new RegExp(value);
    return undefined;
  } catch (error) {
    return `${at} must be a regular expression: ${error instanceof Error ? error.message : String(error)}.`;
  }
};

/** Null, or what the check says. */
export function nullable(check: Check): Check {
  return (value, at) => (value === null ? undefined : check(value, at));
}

export function listOf(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be a list, and not ${shown(value)}.`;
    return firstOf(value.map((item, index) => () => check(item, `${at}[${index}]`)));
  };
}

/** An object with these members, each of which may be absent. */
export function shape(members: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is not an object.`;
    return firstOf(
      Object.entries(value).map(([name, member]) => () => {
        const check = Object.hasOwn(members, name) ? members[name] : undefined;
        if (!check) return `${at} may hold ${Object.keys(members).sort().join(', ')}, and not ${shown(name)}.`;
        return check(member, at === 'It' ? name : `${at}.${name}`);
      }),
    );
  };
}

/** An object whose members are all of one kind, whatever their names. */
export function mapOf(check: Check): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is not an object.`;
    return firstOf(
      Object.entries(value).map(
        ([name, member]) =>
          () =>
            check(member, `${at}.${name}`),
      ),
    );
  };
}

/** Several checks of one value. */
export function all(...checks: readonly Check[]): Check {
  return (value, at) => firstOf(checks.map((check) => () => check(value, at)));
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const wrong = check();
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
