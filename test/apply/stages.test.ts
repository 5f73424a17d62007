import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, stagesOf } from '../../src/apply/stages.js';
import type { Action, ObjectAction } from '../../src/model/plan.js';

const step = (n: number, phase: Action['phase'], rank: number, kind: ObjectAction['action'], type: string): Action => ({
  n,
  phase,
  rank,
  action: kind,
  object: `${type}/${n}`,
  label: '',
  set: [],
});
const link = (n: number, kind: 'link' | 'unlink'): Action => ({
  n,
  phase: 'links',
  action: kind,
  object: `group/${n}`,
  label: '',
  link: 'members',
  target: 't',
  targetLabel: '',
});

describe('the stages of a plan', () => {
  it('hold actions of one phase, rank, kind and type', () => {
    const actions = [
      step(1, 'loosen', 1, 'update', 'policy'),
      step(2, 'objects', 0, 'restore', 'group'),
      step(3, 'objects', 0, 'restore', 'group'),
      step(4, 'objects', 0, 'restore', 'user'),
      step(5, 'objects', 0, 'update', 'user'),
      step(6, 'objects', 1, 'update', 'user'),
      link(7, 'link'),
      link(8, 'unlink'),
      step(9, 'tighten', 1, 'update', 'policy'),
      step(10, 'delete', 1, 'soft-delete', 'policy'),
      step(11, 'delete', 0, 'soft-delete', 'user'),
    ];
    expect(stagesOf(actions).map(({ kind, type, actions: some }) => [kind, type, some.map(({ n }) => n)])).toEqual([
      ['update', 'policy', [1]],
      ['restore', 'group', [2, 3]],
      ['restore', 'user', [4]],
      ['update', 'user', [5]],
      ['update', 'user', [6]],
      ['link', 'group', [7]],
      ['unlink', 'group', [8]],
      ['update', 'policy', [9]],
      ['soft-delete', 'policy', [10]],
      ['soft-delete', 'user', [11]],
    ]);
  });

  it('keep the order of the plan, and every action once', () => {
    const kinds = fc.constantFrom<ObjectAction['action'] | 'link' | 'unlink'>(
      'restore',
      'update',
      'soft-delete',
      'link',
      'unlink',
    );
    const plan = fc
      .array(fc.record({ kind: kinds, rank: fc.nat(1), type: fc.constantFrom('user', 'group') }))
      .map((steps) =>
        steps.map(({ kind, rank, type }, index) =>
          kind === 'link' || kind === 'unlink' ? link(index + 1, kind) : step(index + 1, 'objects', rank, kind, type),
        ),
      );
    fc.assert(
      fc.property(plan, (actions) => {
        const stages = stagesOf(actions);
        expect(stages.flatMap((stage) => stage.actions.map(({ n }) => n))).toEqual(actions.map(({ n }) => n));
        for (const stage of stages) expect(new Set(stage.actions.map((action) => action.action)).size).toBe(1);
      }),
    );
  });
});

describe('parts of a list', () => {
  it('are at most as large as asked for, and together the list', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
        const chunks = chunksOf(items, size);
        expect(chunks.flat()).toEqual(items);
        expect(chunks.length).toBe(Math.ceil(items.length / size));
        for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBe(size);
      }),
    );
  });
});
