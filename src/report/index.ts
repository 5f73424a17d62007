/** Documents as people read them, and as machines do. Pure: time, colour and width are passed in. */

export { renderApply } from './apply.js';
export { renderBackups } from './backups.js';
export { backupsCsv } from './backups-csv.js';
export { coverageCsv } from './coverage-csv.js';
export { typesDocument } from './coverage-markdown.js';
export { renderCoverage } from './coverage-table.js';
export { renderDifference } from './difference.js';
export { renderDoctor } from './doctor.js';
export { renderJson } from './json.js';
export { leafDifferences } from './leaves.js';
export { renderPlan } from './plan.js';
export type { RenderOptions } from './review.js';
export { differenceCsv, planCsv } from './review-csv.js';
export { renderShownBackup, renderShownObject, shownBackupCsv, shownObjectCsv } from './shown.js';
export { renderSnapshot } from './snapshot.js';
export { applyLine, changesPhrase, differenceLine, noChangesLine, planLine } from './summary.js';
export { renderValidation, validationCsv } from './validation.js';
