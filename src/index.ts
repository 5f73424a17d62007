/** The library: the use cases that the command line is made of, and the documents that they return. */

export { listBackups, snapshot } from './backup.js';
export type { Config } from './config.js';
export { difference } from './difference.js';
export type * from './model/change.js';
export type * from './model/coverage.js';
export type * from './model/documents.js';
export type * from './model/object.js';
export type * from './model/plan.js';
export { EXIT, Failure, type Problem } from './model/problem.js';
export { apply, makePlan, readPlan } from './recovery.js';
export type { ScopeRequest } from './scope.js';
export { openWorkspace, type Surroundings, type Workspace } from './workspace.js';
