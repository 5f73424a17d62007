/** The library: the use cases that the command line is made of, and the documents that they return. */

export type { AskedText, ScopeRequest } from './asked.js';
export { snapshot } from './backup.js';
export { listBackups } from './backups.js';
export type { Config } from './config.js';
export { coverageOfTypes } from './coverage-table.js';
export { difference } from './difference.js';
export { examine } from './doctor.js';
export type * from './model/change.js';
export type * from './model/coverage.js';
export type * from './model/coverage-table.js';
export type * from './model/doctor.js';
export type * from './model/documents.js';
export type * from './model/object.js';
export type * from './model/plan.js';
export { EXIT, Failure, type Problem } from './model/problem.js';
export type * from './model/shown.js';
export type * from './model/validation.js';
export { apply, makePlan, readPlan } from './recovery.js';
export { showBackup, showObject } from './shown.js';
export { validateFiles } from './validation.js';
export { openWorkspace, type Surroundings, type Workspace } from './workspace.js';
