import { describe, expect, test } from 'vitest';
import { decideUserGroup, type GroupState } from './decide-user-group.ts';

const state = (over: Partial<GroupState>): GroupState => ({
  people: ['amara', 'benji'],
  accounts: new Map([
    ['amara', 'U1'],
    ['benji', 'U2'],
  ]),
  unfit: new Set(),
  nameOf: (person) => person,
  current: ['U1'],
  ...over,
});

describe('decideUserGroup', () => {
  test('writes what differs, and nothing where it is right already, in whatever order', () => {
    expect(decideUserGroup(state({}))).toEqual({ kind: 'write', members: ['U1', 'U2'], problem: null });
    expect(decideUserGroup(state({ current: ['U2', 'U1'] }))).toEqual({ kind: 'keep', problem: null });
    expect(decideUserGroup(state({ current: null })).kind).toBe('write');
  });

  test('never empties a group: where nobody is on call it stays as it is, and says so', () => {
    const decision = decideUserGroup(state({ people: [] }));
    expect(decision.kind).toBe('keep');
    expect(decision.problem).toContain('Nobody');
  });

  test('leaves out and names who has no account and whose account is gone', () => {
    const decision = decideUserGroup(
      state({ people: ['amara', 'benji', 'cleo'], unfit: new Set(['U2']), current: ['U2'] }),
    );
    expect(decision).toMatchObject({ kind: 'write', members: ['U1'] });
    expect(decision.problem).toContain('cleo: no linked');
    expect(decision.problem).toContain('benji: Slack');
  });

  test('stays as it is where nobody of those on call can be in it', () => {
    const decision = decideUserGroup(state({ unfit: new Set(['U1', 'U2']) }));
    expect(decision.kind).toBe('keep');
    expect(decision.problem).toContain('amara, benji');
  });
});
