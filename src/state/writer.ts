/** New objects on their way into git: ids first, packs when enough has gathered, nothing visible before a ref moves. */

import { type Git, runGit } from './git.js';
import type { Author, Identity } from './identity.js';
import { createPack, type ObjectKind, objectId } from './packs.js';
import { treeContent, writeTrees } from './trees.js';
import type { NewCommit, ObjectWriter } from './types.js';

/** What gathers before git gets it: enough to make few packs, little enough to hold in memory twice. */
const MOST_OBJECTS = 50_000;
const MOST_BYTES = 64 << 20;

export function createWriter(git: Git, who: () => Promise<Identity>, clock: () => Date): ObjectWriter {
  const { put, flush } = createQueue(git);
  return {
    blob: (content, id) => put('blob', content, id),
    tree: (files, known) =>
      writeTrees(files, async (content) => {
        const id = objectId('tree', content);
        return known?.has(id) ? id : put('tree', content);
      }),
    treeOf: async (entries) => put('tree', treeContent(entries)),
    async commit(details) {
      const identity = await who();
      const seconds = Math.floor(clock().getTime() / 1000);
      if (!identity.signs) return put('commit', commitContent(details, identity, seconds));
      await flush();
      return signedCommit(git, details, identity, seconds);
    },
    flush,
  };
}

/** Objects gather in a pack; a full one goes to git while the next one fills. */
function createQueue(git: Git): {
  put(kind: ObjectKind, content: Uint8Array, known?: string): Promise<string>;
  flush(): Promise<void>;
} {
  const queued = new Set<string>();
  let pack = createPack();
  let handedOver: Promise<void> = Promise.resolve();

  /** Gives the pack to git and waits for the one before it, so that at most two are in memory. */
  async function handOver(): Promise<void> {
    const before = handedOver;
    if (pack.count > 0) {
      const full = pack;
      pack = createPack();
      handedOver = before.then(async () => {
        await runGit(git, ['index-pack', '--stdin'], { input: full.finish() });
      });
      // Whoever waits next is told; until then it is nobody's unhandled rejection.
      handedOver.catch(() => undefined);
    }
    await before;
  }

  return {
    async put(kind, content, known) {
      const id = known ?? objectId(kind, content);
      if (queued.has(id)) return id;
      queued.add(id);
      pack.add(kind, content);
      if (pack.count >= MOST_OBJECTS || pack.size >= MOST_BYTES) await handOver();
      return id;
    },
    async flush() {
      await handOver();
      await handedOver;
    },
  };
}

function commitContent(details: NewCommit, identity: Identity, seconds: number): Buffer {
  const stamp = ({ name, mail }: Author) => `${name} <${mail}> ${seconds} +0000`;
  return Buffer.from(
    [
      `tree ${details.tree}`,
      ...details.parents.map((parent) => `parent ${parent}`),
      `author ${stamp(identity.author)}`,
      `committer ${stamp(identity.committer)}`,
      '',
      messageText(details.message),
    ].join('\n'),
    'utf8',
  );
}

/** Messages end in one line break and hold no NUL, which would end them for git. */
function messageText(message: string): string {
  return `${message.replaceAll('\0', '').trimEnd()}\n`;
}

/** Git makes the commit itself where it has to be signed. */
async function signedCommit(git: Git, details: NewCommit, identity: Identity, seconds: number): Promise<string> {
  const parents = details.parents.flatMap((parent) => ['-p', parent]);
  const { stdout } = await runGit(git, ['commit-tree', '-S', details.tree, ...parents, '-F', '-'], {
    input: messageText(details.message),
    environment: commitEnvironment(identity, seconds),
  });
  return stdout.toString('latin1').trim();
}

/** Variables under which git makes a commit as this identity at this time. */
export function commitEnvironment(identity: Identity, seconds: number): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: identity.author.name,
    GIT_AUTHOR_EMAIL: identity.author.mail,
    GIT_AUTHOR_DATE: `@${seconds} +0000`,
    GIT_COMMITTER_NAME: identity.committer.name,
    GIT_COMMITTER_EMAIL: identity.committer.mail,
    GIT_COMMITTER_DATE: `@${seconds} +0000`,
  };
}
