/** The seam between the engine and a git repository that holds states. */

import type { ContentId, ObjectKey } from '../model/object.js';
import type { ObjectType } from '../registry/types.js';
import type { GrowingIds } from './ids.js';

/** A state as a map from object to content id. Ids are compared before anything is parsed. */
export interface StateIds extends Iterable<readonly [ObjectKey, ContentId]> {
  readonly size: number;
  get(key: ObjectKey): ContentId | undefined;
  has(key: ObjectKey): boolean;
  keys(): Iterable<ObjectKey>;
}

/** Where objects live: which file under `tenant-state/` holds which object. */
export interface Layout {
  /** Path of an object's file, relative to `tenant-state/`, with forward slashes. */
  pathOf(object: ObjectKey): string;
  /** The object whose file this is, or undefined when it is not a state file. */
  keyOf(path: string): ObjectKey | undefined;
}

/** One file of a commit's tree, by its path from the root of the repository. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

export interface CommitDetails {
  /** Full commit id. */
  readonly id: string;
  readonly subject: string;
  /** Trailers in order of appearance, by name. */
  readonly trailers: ReadonlyMap<string, readonly string[]>;
  readonly author: string;
  /** UTC, ISO 8601. */
  readonly committed: string;
  readonly parents: readonly string[];
}

/** One ref to move in a transaction; `expected` is what it must be now (`null`: must not exist). */
export interface RefUpdate {
  readonly ref: string;
  readonly to: string;
  readonly expected: string | null;
}

/**
 * Collects new git objects and hands them to git in packs. Nothing is visible before a ref moves; objects that no ref
 * reaches are harmless.
 */
export interface ObjectWriter {
  /**
   * Queues a blob and returns its id, which is worked out unless it is given; writing the same content twice is free. May
   * wait for git when much is queued.
   */
  blob(content: Uint8Array, id?: ContentId): Promise<ContentId>;
  /**
   * Queues the trees that hold `files` (path from the tree's root → blob id) and returns the root tree's id. `known`:
   * ids of trees that the repository already has, which are not written again.
   */
  tree(files: Iterable<readonly [path: string, id: ContentId]>, known?: ReadonlySet<string>): Promise<string>;
  /** Queues a tree made of these entries. */
  treeOf(entries: Iterable<readonly [name: string, entry: TreeEntry]>): Promise<string>;
  commit(details: NewCommit): Promise<string>;
  /** Hands everything queued to git; afterwards every returned id can be read. */
  flush(): Promise<void>;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Subject, blank line, body, trailers: the whole message. */
  readonly message: string;
}

/** A git repository, its work tree possibly absent (bare). All methods throw `Failure` with a remedy for people. */
export interface StateRepository {
  /** Top of the work tree, or the bare repository's folder. */
  readonly root: string;
  /** The common git directory, absolute. */
  readonly gitDir: string;
  readonly bare: boolean;
  /** Full id of the commit a revision names, or undefined when nothing has that name. */
  resolve(revision: string): Promise<string | undefined>;
  /** Objects under `tenant-state/` at a commit; empty where there are none. Files that are not state files are left out. */
  ids(commit: string): Promise<StateIds>;
  /** Adds the content ids of these objects at a commit to a state; objects that are not there are left out. */
  addIds(commit: string, keys: readonly ObjectKey[], to: GrowingIds): Promise<void>;
  /** Adds all objects of these types at a commit to a state. */
  addIdsOfTypes(commit: string, types: readonly ObjectType[], to: GrowingIds): Promise<void>;
  /** A state without objects, to be filled; made for millions of objects that commits hold, too. */
  emptyIds(): GrowingIds;
  /**
   * Queues the trees of the state of a commit, with other contents of some objects (undefined: there no more). Costs as much
   * as the changes. Returns the id of the top one.
   */
  patch(
    commit: string,
    writer: ObjectWriter,
    changes: Iterable<readonly [ObjectKey, ContentId | undefined]>,
  ): Promise<string>;
  /** Everything under `tenant-state/` at a commit that is not a folder, by its path from the root. */
  files(commit: string): Promise<(TreeEntry & { readonly path: string })[]>;
  /** Ids of all trees under `tenant-state/` at a commit, the top one included, and the top one by itself. */
  trees(commit: string): Promise<{ readonly top: string | undefined; readonly all: ReadonlySet<string> }>;
  /** Blobs in the order asked for. A missing blob is a Failure that names it. */
  blobs(ids: Iterable<ContentId>): AsyncIterable<{ readonly id: ContentId; readonly content: Buffer }>;
  /** Bytes of a file at a commit, or undefined. `path` is from the root of the repository. */
  file(commit: string, path: string): Promise<Buffer | undefined>;
  /** Entries of the root tree of a commit. */
  rootEntries(commit: string): Promise<Map<string, TreeEntry>>;
  /** Commits reachable from a revision that have this trailer, newest first, at most `limit`. */
  log(revision: string, options: { readonly trailer: string; readonly limit?: number }): Promise<CommitDetails[]>;
  ref(name: string): Promise<string | undefined>;
  /** Short names of all branches and tags. */
  names(): Promise<readonly string[]>;
  writer(): ObjectWriter;
  /** Moves refs in one transaction, all or none; a lost race is a Failure. Locks that a killed run left are taken away. */
  updateRefs(updates: readonly RefUpdate[], reason: string): Promise<void>;
  /** `refs/heads/…` that is checked out in the work tree; undefined when detached or bare. */
  checkedOut(): Promise<string | undefined>;
  /**
   * Refuses with a Failure when `tenant-state/` has local edits, after finishing a checkout of ours that was cut short
   * (and saying so through `note`). Does nothing in a bare repository.
   */
  assertClean(note: (text: string) => void): Promise<void>;
  /**
   * Moves the checked-out branch and brings index and work tree along, crash-safe: a marker is written before the ref
   * moves and removed after the checkout. `updates` may hold other refs of the same transaction.
   */
  advance(updates: readonly RefUpdate[], branch: string, reason: string): Promise<void>;
  /** `Name <mail>` under which commits are made. */
  identity(): Promise<string>;
  /** Ends the child processes. */
  close(): Promise<void>;
}
