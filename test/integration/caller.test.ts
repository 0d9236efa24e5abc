import {
  cancelAbsence,
  cancelOverride,
  createOverride,
  enterAbsence,
  mayManage,
  ownOrManager,
} from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted, apply, openWorld, refusalOf, type World, weekly } from './apply-fixture.ts';
import { applyTeam, as, day } from './swap-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  // eve manages the team of ann, ben and dev; cleo is in no team.
  await applyTeam(world, [weekly('ours')], { members: ['ann', 'ben', 'dev'] });
  accepted(await apply(world, [weekly('nobodys')]));
});
afterAll(() => world.close());

const change = { kind: 'add', people: ['dev'], start: day('09T09'), end: day('09T12') } as const;

describe('a person who acts in their own name', () => {
  it('changes who is on call only as a manager of the schedule', async () => {
    const put = (who: string, schedule: string) => createOverride(as(world, who), { ...change, schedule });
    const refused = refusalOf(await put('ann', 'ours'));
    expect(refused).toMatchObject({ code: 'forbidden', reason: 'access/managers-only' });
    expect(refused.message).toMatch(/Ask eve\./i);
    expect(refusalOf(await put('eve', 'nobodys')).message).toContain('belongs to no team');
    const made = accepted(await put('eve', 'ours'));
    expect(made.createdBy).toBe('slack eve');
    const back = (who: string) => cancelOverride(as(world, who), { schedule: 'ours', override: made.id });
    expect(refusalOf(await back('dev')).reason).toBe('access/managers-only');
    accepted(await back('eve'));
  });

  it('enters and cancels their own absences, and as a manager those of the team', async () => {
    const enter = (who: string, person: string) =>
      enterAbsence(as(world, who), { person, start: day('09T09'), end: day('09T12') });
    expect(refusalOf(await enter('ann', 'ben'))).toMatchObject({
      code: 'forbidden',
      reason: 'access/not-yours',
    });
    expect(refusalOf(await enter('eve', 'cleo')).reason).toBe('access/not-yours');
    const own = accepted(await enter('ann', 'ann'));
    const team = accepted(await enter('eve', 'ben'));
    const cancel = (who: string, person: string, absence: string) =>
      cancelAbsence(as(world, who), { person, absence });
    expect(refusalOf(await cancel('ben', 'ann', own.id)).reason).toBe('access/not-yours');
    accepted(await cancel('ann', 'ann', own.id));
    accepted(await cancel('eve', 'ben', team.id));
  });

  it('is asked nothing more where it is the product or a token', async () => {
    expect(await mayManage(world.database, undefined, 'nobodys')).toBe(true);
    expect(await mayManage(world.database, { person: 'eve' }, 'nobodys')).toBe(false);
    expect(await ownOrManager(world.database, undefined, { person: 'ann', schedule: null })).toBeNull();
    expect(
      await ownOrManager(world.database, { person: 'eve' }, { person: 'ann', schedule: 'ours' }),
    ).toBeNull();
    accepted(await createOverride(world.context, { ...change, schedule: 'nobodys' }));
  });
});
