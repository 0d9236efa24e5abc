import { describe, expect, it } from 'vitest';
import { BadInput } from '../input/bad-input.ts';
import { namePeople, slugOf } from './name-people.ts';

function idsOf(summaries: readonly string[], pattern: string | null = null): (readonly string[])[] {
  const names = namePeople(summaries, pattern);
  return summaries.map(names.idsOf);
}

describe('namePeople', () => {
  it('takes away what the summaries have in common in front', () => {
    const names = namePeople(['Necko triager: engineer-01', 'Necko triager: engineer-02'], null);
    expect(names.prefix).toBe('Necko triager: ');
    expect(names.people).toEqual([
      { id: 'engineer-01', name: 'engineer-01' },
      { id: 'engineer-02', name: 'engineer-02' },
    ]);
  });

  it('takes away what they have in common in front and behind', () => {
    const names = namePeople(['On Call - Amara Okafor - Payments', 'On Call - Benji Ray - Payments'], null);
    expect(names.prefix).toBe('On Call - ');
    expect(names.suffix).toBe(' - Payments');
    expect(names.people.map((person) => person.name)).toEqual(['Amara Okafor', 'Benji Ray']);
  });

  it('knows duty words that stand without a separator', () => {
    expect(idsOf(['Amara on call', 'Benji on call', 'Cleo on call'])).toEqual([
      ['amara'],
      ['benji'],
      ['cleo'],
    ]);
    expect(idsOf(['Primary on-call Amara', 'Primary on-call Benji'])).toEqual([['amara'], ['benji']]);
  });

  it('leaves a first name that people share', () => {
    expect(idsOf(['Maria Lopez', 'Maria Silva'])).toEqual([['maria-lopez'], ['maria-silva']]);
  });

  it('keeps the whole summary where the common part is missing, and says so', () => {
    const names = namePeople(['On call: Amara', 'On call: Benji', 'On call: Cleo', 'Dev'], null);
    expect(names.idsOf('Dev')).toEqual(['dev']);
    expect(names.unlike).toEqual(['Dev']);
  });

  it('finds a prefix also when only one person is ever on call', () => {
    expect(idsOf(['On call: Amara', 'On call: Amara'])).toEqual([['amara'], ['amara']]);
  });

  it('reads several people in one summary', () => {
    expect(idsOf(['Rota: Amara & Benji', 'Rota: Amara, Cleo and Dev', 'Rota: Benji/Benji'])).toEqual([
      ['amara', 'benji'],
      ['amara', 'cleo', 'dev'],
      ['benji'],
    ]);
  });

  it.each(['', 'Rota:', 'Rota: nobody', 'Rota: TBD', 'Rota: ???', 'Rota: ,'])(
    'finds no name in "%s"',
    (summary) => {
      const names = namePeople(['Rota: Amara', 'Rota: Benji', 'Rota: Cleo', 'Rota: Dev', summary], null);
      expect(names.idsOf(summary).filter((id) => id !== 'rota')).toEqual([]);
    },
  );

  it('takes names that differ in case for one person, and other names with the same letters apart', () => {
    expect(idsOf(['Ana', 'ANA', 'Ána'])).toEqual([['ana'], ['ana'], ['ana-2']]);
  });

  it('gives plain ids to names in any script', () => {
    expect(slugOf('Zoë Šimůnková-Łoś')).toBe('zoe-simunkova-los');
    expect(idsOf(['李雷', '韩梅梅', 'nobody else', 'Team'])).toEqual([
      ['person'],
      ['person-2'],
      ['nobody-else'],
      ['team-2'],
    ]);
  });

  it('drops control characters and directional marks', () => {
    expect(namePeople(['Am\u0007ara\u202e'], null).people[0]?.name).toBe('Am ara');
  });

  it('uses a pattern: the group "person", else the first group, else the match', () => {
    expect(idsOf(['P1 amara (uk)', 'offsite'], '^P\\d (?<person>\\w+)')).toEqual([['amara'], []]);
    expect(idsOf(['P1 amara (uk)'], 'P1 (\\w+)')).toEqual([['amara']]);
    expect(idsOf(['P1 amara'], '[a-z]+')).toEqual([['amara']]);
  });

  it('refuses a pattern that is no regular expression', () => {
    expect(() => namePeople(['Amara'], '(')).toThrow(BadInput);
  });
});
