/** Paths on which the tenant tells what happened to it: the audit log, and native backup and recovery. */
import { getAudit, listAudits } from './handlers/audits.js';
import { getJob, getRecovery, getSnapshot, listJobs, listSnapshots, refuseJob } from './handlers/native-recovery.js';
import type { Handler } from './request.js';

type Route = readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, Handler];

const recovery = '/directory/recovery';

export const observationRoutes: readonly Route[] = [
  ['GET', '/auditLogs/directoryAudits', listAudits],
  ['GET', '/auditLogs/directoryAudits/:id', getAudit],
  ['GET', recovery, getRecovery],
  ['GET', `${recovery}/snapshots`, listSnapshots],
  ['GET', `${recovery}/snapshots/:id`, getSnapshot],
  ['GET', `${recovery}/jobs`, listJobs()],
  ['GET', `${recovery}/jobs/:jobId`, getJob()],
  ['POST', `${recovery}/jobs/:jobId/microsoft.graph.entraRecoveryServices.cancel`, refuseJob],
  ...(['recoveryPreviewJob', 'recoveryJob'] as const).flatMap((type): Route[] => [
    ['GET', `${recovery}/snapshots/:id/${type}s`, listJobs(type)],
    ['GET', `${recovery}/snapshots/:id/${type}s/:jobId`, getJob(type)],
    ['POST', `${recovery}/snapshots/:id/${type}s`, refuseJob],
  ]),
];
