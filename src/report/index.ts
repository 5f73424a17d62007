/** Documents as people read them, and as machines do. Pure: time, colour and width are passed in. */

export { renderApply } from './apply.js';
export { renderBackups } from './backups.js';
export { renderDifference } from './difference.js';
export { renderJson } from './json.js';
export { leafDifferences } from './leaves.js';
export { renderPlan } from './plan.js';
export type { RenderOptions } from './review.js';
export { renderSnapshot } from './snapshot.js';
export { applyLine, changesPhrase, differenceLine, noChangesLine, planLine } from './summary.js';
