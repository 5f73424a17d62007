/**
 * `$filter`: `eq`, `in`, `startsWith`, `and`, `or` and parentheses on the properties listed in `quirks/`. Anything else
 * is refused as Graph refuses what a property does not support. Source: "Use the $filter query parameter".
 */
import { malformed, unsupportedQuery } from './errors.js';
import { type PropertyFact, propertiesOf } from './facts.js';
import { inOperatorLimit } from './quirks/limits.js';
import { filterable, filterableAsNull } from './quirks/reading.js';
import type { Resource } from './resources.js';
import { isGuid } from './validate.js';

/** Says whether an object is in the result. */
export type Predicate = (object: Readonly<Record<string, unknown>>) => boolean;

type Literal = string | boolean | number | null;
interface Token {
  readonly kind: 'word' | 'text' | 'mark';
  readonly value: string;
}

interface Parser {
  readonly resource: Resource;
  readonly eventual: boolean;
  readonly tokens: readonly Token[];
  position: number;
}

const tokenForm = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s(),']+))/y;
const operators = /^(?:ne|gt|ge|lt|le|not|has|add|sub|mul|div|mod)$/i;

/** Reads a filter expression. `eventual`: with ConsistencyLevel header and `$count=true`. Throws 400. */
export function parseFilter(expression: string, resource: Resource, eventual: boolean): Predicate {
  const parser: Parser = { resource, eventual, tokens: tokenize(expression), position: 0 };
  const predicate = either(parser);
  if (parser.position < parser.tokens.length) throw unsupported(parser);
  return predicate;
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  tokenForm.lastIndex = 0;
  const text = expression.trim();
  while (tokenForm.lastIndex < text.length) {
    const match = tokenForm.exec(text);
    if (!match) throw malformed(`Invalid filter clause: Syntax error in '${expression}'.`);
    if (match[1] !== undefined) tokens.push({ kind: 'text', value: match[1].replaceAll("''", "'") });
    else if (match[2] !== undefined) tokens.push({ kind: 'mark', value: match[2] });
    else tokens.push({ kind: 'word', value: match[3] as string });
  }
  if (tokens.length === 0) throw malformed('Invalid filter clause: The filter is empty.');
  return tokens;
}

function either(parser: Parser): Predicate {
  let left = both(parser);
  while (takeWord(parser, 'or')) {
    const [first, second] = [left, both(parser)];
    left = (object) => first(object) || second(object);
  }
  return left;
}

function both(parser: Parser): Predicate {
  let left = term(parser);
  while (takeWord(parser, 'and')) {
    const [first, second] = [left, term(parser)];
    left = (object) => first(object) && second(object);
  }
  return left;
}

function term(parser: Parser): Predicate {
  if (takeMark(parser, '(')) {
    const inner = either(parser);
    expectMark(parser, ')');
    return inner;
  }
  const token = next(parser);
  if (token.kind !== 'word' || operators.test(token.value)) throw unsupported(parser);
  if (takeMark(parser, '(')) {
    if (token.value.toLowerCase() !== 'startswith') throw unsupported(parser);
    return startsWith(parser);
  }
  const property = token.value;
  const fact = declared(parser, property);
  const operator = next(parser).value.toLowerCase();
  if (operator === 'eq') {
    const wanted = literal(parser, property, fact);
    return (object) => same(object[property], wanted);
  }
  if (operator === 'in') {
    const wanted = list(parser, property, fact);
    return (object) => wanted.some((each) => same(object[property], each));
  }
  throw unsupported(parser, property);
}

function startsWith(parser: Parser): Predicate {
  const property = next(parser).value;
  const fact = declared(parser, property);
  expectMark(parser, ',');
  const token = next(parser);
  if (token.kind !== 'text' || fact.type !== 'Edm.String' || property === 'id') throw unsupported(parser, property);
  expectMark(parser, ')');
  const prefix = token.value.toLowerCase();
  return (object) => {
    const value = object[property];
    return typeof value === 'string' && value.toLowerCase().startsWith(prefix);
  };
}

function list(parser: Parser, property: string, fact: PropertyFact): Literal[] {
  expectMark(parser, '(');
  const values = [literal(parser, property, fact)];
  while (takeMark(parser, ',')) values.push(literal(parser, property, fact));
  expectMark(parser, ')');
  if (values.length > inOperatorLimit) {
    throw unsupportedQuery(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${values.length}. Max allowed: ${inOperatorLimit}.`,
    );
  }
  return values;
}

/** Strings compare without case, as the directory does; a missing value is null. */
function same(value: unknown, wanted: Literal): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') return value.toLowerCase() === wanted.toLowerCase();
  return (value ?? null) === wanted;
}

function literal(parser: Parser, property: string, fact: PropertyFact): Literal {
  const token = next(parser);
  if (token.kind === 'text') {
    if (fact.type === 'Edm.Boolean') throw malformed(incompatible(property, fact));
    return token.value;
  }
  if (token.value === 'null') {
    if (!parser.eventual && !filterableAsNull[parser.resource.type]?.has(property)) throw unsupported(parser, property);
    return null;
  }
  if (fact.type === 'Edm.Guid' && isGuid(token.value)) return token.value;
  if (fact.type === 'Edm.Boolean' && /^(?:true|false)$/.test(token.value)) return token.value === 'true';
  throw malformed(incompatible(property, fact));
}

const incompatible = (property: string, fact: PropertyFact): string =>
  `Invalid filter clause: A binary operator with incompatible types was detected for the property '${property}' of type '${fact.type}'.`;

/** The declaration of a property a filter names. Throws 400 for an unknown one, and for one that cannot be filtered. */
function declared(parser: Parser, property: string): PropertyFact {
  const { type } = parser.resource;
  const fact =
    propertiesOf(type).get(property) ??
    parser.resource.kinds.map((kind) => propertiesOf(kind).get(property)).find((each) => each !== undefined);
  if (!fact) {
    if (propertyPath.test(property)) throw unsupported(parser, property);
    throw malformed(
      `Invalid filter clause: Could not find a property named '${property}' on type 'microsoft.graph.${type}'.`,
    );
  }
  if (!filterable[type]?.has(property)) throw unsupported(parser, property);
  return fact;
}

const propertyPath = /[/$@]/;

function unsupported(parser: Parser, property?: string): Error {
  const { label } = parser.resource;
  return unsupportedQuery(
    property === undefined
      ? 'Unsupported Query.'
      : `Unsupported or invalid query filter clause specified for property '${property}' of resource '${label}'.`,
  );
}

function next(parser: Parser): Token {
  const token = parser.tokens[parser.position++];
  if (!token) throw malformed('Invalid filter clause: Syntax error: the expression ends too early.');
  return token;
}

function takeWord(parser: Parser, word: string): boolean {
  const token = parser.tokens[parser.position];
  if (token?.kind !== 'word' || token.value.toLowerCase() !== word) return false;
  parser.position++;
  return true;
}

function takeMark(parser: Parser, mark: string): boolean {
  const token = parser.tokens[parser.position];
  if (token?.kind !== 'mark' || token.value !== mark) return false;
  parser.position++;
  return true;
}

function expectMark(parser: Parser, mark: string): void {
  if (!takeMark(parser, mark)) throw malformed(`Invalid filter clause: Syntax error: '${mark}' expected.`);
}
