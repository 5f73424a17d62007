/** Backups of Microsoft Entra Backup and Recovery: how many days they and reports of jobs are kept, and at which hour they
 * are taken (not promised). Source: "Microsoft Entra Backup and Recovery overview". */
export const recoveryDays = { kept: 7, hour: 2 } as const;
