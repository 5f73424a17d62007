/** The formats a text can have. */

import type { Ajv2020 } from 'ajv/dist/2020.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Teaches ajv the formats of the dialect. */
export function addFormats(ajv: Ajv2020): void {
  ajv.addFormat('uuid', UUID);
  ajv.addFormat('date-time', isDateTime);
}

function isDateTime(text: string): boolean {
  const [, year = '', month = '', day = ''] = DATE_TIME.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}
