import { describe, expect, it } from 'vitest';
import type { Check, DoctorReport } from '../../src/model/doctor.js';
import { renderDoctor } from '../../src/report/doctor.js';
import { stringWidth } from '../../src/report/width.js';

const SIGN_IN = {
  kind: 'github',
  because: 'ACTIONS_ID_TOKEN_REQUEST_URL is set',
  who: 'app',
  appId: '5ec2e7a1-0000-4000-8000-000000000001',
  name: 'Acme backup',
  objectId: null,
  expires: null,
  permissions: ['User.Read.All'],
} as const;

const ok = (area: Check['area'], id: string): Check => ({
  id: `${area}.${id}`,
  area,
  title: id,
  status: 'ok',
  message: 'Good.',
});

function report(...checks: readonly Check[]): DoctorReport {
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  return {
    format: 1,
    kind: 'doctor',
    tool: '0.1.0',
    checkedAt: '2026-11-20T03:00:00Z',
    tenant: { id: '1fb67de7-8872-4a4a-8359-4f7fd4c28a36', name: 'Acme', cloud: 'global' },
    reading: SIGN_IN,
    writing: null,
    permissions: [
      { name: 'user', title: 'User', read: { needed: ['User.Read.All'], missing: ['User.Read.All'] }, write: null },
    ],
    checks,
    counts: { ok: count('ok'), warning: count('warning'), failed: count('failed'), unknown: count('unknown') },
  };
}

const text = (document: DoctorReport, width = 80) =>
  renderDoctor(document, { format: 'text', color: false, width, now: new Date(0) });

const failed: Check = {
  id: 'backup.permissions',
  area: 'backup',
  title: 'Permissions',
  status: 'failed',
  code: 'KG199',
  message: 'One of 12 permissions is missing: what needs it is not collected, and that is a long sentence.',
  remedy: 'Add it to the app registration as an application permission of Microsoft Graph, and grant admin consent.',
  details: ['User.Read.All: User, and many more of a name \u001b[31m that is hostile'],
};

describe('the verdict', () => {
  it.each<[string, readonly Check[], string]>([
    ['all is well', [ok('backup', 'sign-in'), ok('recovery', 'permissions')], 'Backups work.\nRecoveries will work.'],
    [
      'something failed',
      [failed, ok('recovery', 'permissions')],
      'Backups do not work, or are not whole.\nRecoveries will work.',
    ],
    [
      'the kind of tenant is wrong',
      [{ ...ok('tenant', 'kind'), status: 'failed' }, ok('backup', 'sign-in'), ok('recovery', 'permissions')],
      'Backups do not work, or are not whole.\nRecoveries will not work, or not for everything.',
    ],
    [
      'what is needed cannot be seen',
      [ok('backup', 'sign-in'), { ...ok('recovery', 'sign-in'), status: 'unknown' }],
      'Backups work.\nWhether recoveries will work cannot be told from here.',
    ],
    [
      'something is dangerous',
      [{ ...ok('backup', 'excess'), status: 'warning' }, ok('recovery', 'permissions')],
      'Backups work, with 1 warning.\nRecoveries will work.',
    ],
  ])('when %s', (_, checks, expected) => expect(text(report(...checks))).toContain(expected));
});

it.each([80, 120])('fits %i columns, and shows what is hostile as it is', (width) => {
  const lines = text(report(ok('here', 'git'), failed, ok('recovery', 'permissions')), width).split('\n');
  expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
  expect(lines.join(' ')).toContain('\\u{1b}[31m');
  expect(lines.join('\n')).toContain('What to do: Add it');
});

it('names in Markdown, too, what is missing for each type', () => {
  const markdown = renderDoctor(report(failed), { format: 'markdown', color: false, width: 80, now: new Date(0) });
  expect(markdown).toContain('| User | **missing:** `User.Read.All` | never written |');
  expect(markdown).toContain('**FAILED**');
});
