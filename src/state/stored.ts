/** Objects read from git: one long-lived `git cat-file --batch`, asked ahead so that it never waits for us. */

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ContentId } from '../model/object.js';
import { Failure } from '../model/problem.js';
import { gitFailure } from './complaints.js';
import { type Git, startGit } from './git.js';

export interface StoredObject {
  readonly id: string;
  readonly kind: string;
  readonly content: Buffer;
}

export interface ObjectReader {
  /** The object of this name (an id, `commit:path`), or undefined when there is none. */
  read(name: string): Promise<StoredObject | undefined>;
  close(): Promise<void>;
}

interface Question {
  readonly name: string;
  readonly answer: (object: StoredObject | undefined) => void;
  readonly fail: (reason: unknown) => void;
}

const COMMAND = ['cat-file', '--batch'] as const;
/** Objects asked for ahead, and about how many bytes they may hold together. */
const AHEAD = 512;
const AHEAD_BYTES = 16 << 20;
const NEWLINE = 0x0a;

/** A reader whose process starts with the first question, and again if it was ended from outside. */
export function createObjectReader(git: Git): ObjectReader {
  const asked = createQuestions();
  let child: ChildProcessWithoutNullStreams | undefined;
  let unsent = '';

  function ask(question: Question): void {
    asked.add(question);
    if (unsent === '') queueMicrotask(send);
    unsent += `${question.name}\n`;
  }

  function send(): void {
    if (unsent === '') return;
    const names = unsent;
    unsent = '';
    child ??= startAnswering(git, asked, ended);
    hold(child, true);
    child.stdin.write(names);
  }

  /** A process that ends before its first answer is not started again. */
  function ended(which: ChildProcessWithoutNullStreams, answered: number, complaint: string): void {
    if (child !== which) return;
    child = undefined;
    unsent = '';
    for (const question of asked.takeAll()) {
      if (answered === 0) question.fail(gitFailure(COMMAND, complaint));
      else ask(question);
    }
  }

  return {
    read(name) {
      // A line is a question; no id and no path of ours has a line break.
      if (/[\n\0]/.test(name)) return Promise.resolve(undefined);
      return new Promise((answer, fail) => ask({ name, answer, fail }));
    },
    async close() {
      const last = child;
      child = undefined;
      if (last === undefined) return;
      const closed = once(last, 'close');
      last.ref();
      last.stdin.end();
      await closed;
    },
  };
}

/** Starts git; each answer goes to the question that was asked first. */
function startAnswering(
  git: Git,
  asked: Questions,
  ended: (child: ChildProcessWithoutNullStreams, answered: number, complaint: string) => void,
): ChildProcessWithoutNullStreams {
  const child = startGit(git, COMMAND);
  let answered = 0;
  let complaint = '';
  const parse = answerParser((object) => {
    const question = asked.take();
    answered += 1;
    if (asked.isEmpty()) hold(child, false);
    question?.answer(object);
  });
  child.stdout.on('data', parse);
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });
  child.on('error', (cause) => ended(child, answered, cause.message));
  child.on('close', () => ended(child, answered, complaint));
  return child;
}

interface Questions {
  add(question: Question): void;
  take(): Question | undefined;
  takeAll(): readonly Question[];
  isEmpty(): boolean;
}

/** First asked, first answered. */
function createQuestions(): Questions {
  let questions: Question[] = [];
  let next = 0;
  return {
    add: (question) => questions.push(question),
    take() {
      const question = questions[next];
      next += 1;
      if (next >= questions.length) {
        questions = [];
        next = 0;
      }
      return question;
    },
    takeAll() {
      const all = questions.slice(next);
      questions = [];
      next = 0;
      return all;
    },
    isEmpty: () => questions.length === 0,
  };
}

/** Whether the process keeps ours alive: only while it owes an answer, so that forgetting `close` hangs nothing. */
function hold(child: ChildProcessWithoutNullStreams, held: boolean): void {
  // At run time the pipes of a child are sockets.
  for (const part of [child, child.stdin, child.stdout, child.stderr] as unknown as readonly Socket[]) {
    if (held) part.ref();
    else part.unref();
  }
}

/** Cuts `<id> <kind> <size>\n<content>\n` out of the stream, and `<name> missing\n`. */
function answerParser(give: (object: StoredObject | undefined) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let have = 0;
  let need = 1;
  let header: { readonly id: string; readonly kind: string; readonly size: number } | undefined;

  return (chunk) => {
    parts.push(chunk);
    have += chunk.length;
    if (have < need) return;
    const data = parts.length === 1 ? chunk : Buffer.concat(parts, have);
    let at = 0;
    for (;;) {
      if (header === undefined) {
        const end = data.indexOf(NEWLINE, at);
        need = data.length - at + 1;
        if (end === -1) break;
        const [, id, kind, size] = /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(data.toString('latin1', at, end)) ?? [];
        at = end + 1;
        if (id === undefined || kind === undefined) give(undefined);
        else header = { id, kind, size: Number(size) };
      } else {
        need = header.size + 1;
        if (data.length - at < need) break;
        // A copy: a small object that is kept must not keep the chunk it came in.
        give({ id: header.id, kind: header.kind, content: Buffer.from(data.subarray(at, at + header.size)) });
        at += need;
        header = undefined;
      }
    }
    parts = at < data.length ? [data.subarray(at)] : [];
    have = data.length - at;
  };
}

/**
 * Blobs in the order asked for, read ahead.
 *
 * @throws Failure KG408 naming the first id that is missing or not a blob.
 */
export async function* readBlobs(
  reader: ObjectReader,
  ids: Iterable<ContentId>,
): AsyncGenerator<{ readonly id: ContentId; readonly content: Buffer }, void, undefined> {
  const source = ids[Symbol.iterator]();
  let ahead: { readonly id: ContentId; readonly object: Promise<StoredObject | undefined> }[] = [];
  let average = 1024;
  let at = 0;
  let more = true;
  for (;;) {
    const limit = Math.max(8, Math.min(AHEAD, Math.floor(AHEAD_BYTES / average)));
    if (more && ahead.length - at <= limit / 2) {
      ahead = ahead.slice(at);
      at = 0;
      while (more && ahead.length < limit) {
        const { value, done } = source.next();
        more = done !== true;
        if (!more) break;
        const object = /^[0-9a-f]{40}$/.test(value) ? reader.read(value) : Promise.resolve(undefined);
        object.catch(() => undefined);
        ahead.push({ id: value, object });
      }
    }
    const head = ahead[at];
    if (head === undefined) return;
    at += 1;
    const object = await head.object;
    if (object === undefined || object.kind !== 'blob') throw missing(head.id);
    average = average * 0.9 + (object.content.length + 64) * 0.1;
    yield { id: head.id, content: object.content };
  }
}

function missing(id: string): Failure {
  return new Failure({
    code: 'KG408',
    message: `The state repository lacks the object ${JSON.stringify(id)}.`,
    remedy: 'Run `git fsck`; fetch the object from another clone, or take a new backup.',
  });
}
