import { quote } from '../schedule/check.ts';
import { RULE_PACKS, type RulePack } from './rule-packs.ts';

/** What becomes of a finding of a rule: it warns, it is an error, or it is left out. */
export type RuleLevel = 'warn' | 'error' | 'off';

/** The rule packs of a configuration: a level for the whole pack, or levels by rule; the rules not named warn. */
export type RulePacksDraft = Readonly<
  Record<string, RuleLevel | Readonly<Record<string, RuleLevel | undefined>> | undefined>
>;

/** A rule pack that somebody asks for, with the level of each rule by its id. */
export interface PackChoice {
  readonly pack: RulePack;
  readonly levels: ReadonlyMap<string, RuleLevel>;
}

/** The packs that a configuration asks for, in the order in which packs are listed. Unknown ones are left out. */
export function packChoices(draft: RulePacksDraft | undefined): PackChoice[] {
  return RULE_PACKS.flatMap((pack) => {
    const wanted = draft?.[pack.id];
    return wanted === undefined ? [] : [choosePack(pack, wanted)];
  });
}

/** A pack with a level for all of its rules, or by rule. */
export function choosePack(
  pack: RulePack,
  wanted: RuleLevel | Readonly<Record<string, RuleLevel | undefined>>,
): PackChoice {
  const levelOf = (id: string): RuleLevel => (typeof wanted === 'string' ? wanted : (wanted[id] ?? 'warn'));
  return { pack, levels: new Map(pack.rules.map(({ id }) => [id, levelOf(id)])) };
}

/**
 * Rule packs as somebody writes them in one line: `goodPractice,nl=error`. Each warns unless it says otherwise; a part
 * that is none gives a message that says what to write.
 */
export function readPackChoices(
  text: string,
):
  | { readonly ok: true; readonly value: readonly PackChoice[] }
  | { readonly ok: false; readonly message: string } {
  const value: PackChoice[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [name = '', level = 'warn', ...rest] = part.split('=');
    const pack = RULE_PACKS.find(({ id }) => id === name);
    if (pack === undefined) {
      const known = RULE_PACKS.map(({ id }) => id).join(', ');
      return { ok: false, message: `There is no rule pack ${quote(name)}. The packs are ${known}.` };
    }
    if ((level !== 'warn' && level !== 'error') || rest.length > 0) {
      const message = `${quote(part)} is not clear. Write ${name}, ${name}=warn or ${name}=error.`;
      return { ok: false, message };
    }
    value.push(choosePack(pack, level));
  }
  return { ok: true, value };
}

const STRICTNESS: readonly RuleLevel[] = ['off', 'warn', 'error'];

/** The strictest level that any of the choices has for a rule; off where nobody asks. */
export function strictest(choices: readonly PackChoice[], pack: string, rule: string): RuleLevel {
  return choices.reduce<RuleLevel>((all, choice) => {
    const own = choice.pack.id === pack ? (choice.levels.get(rule) ?? 'off') : 'off';
    return STRICTNESS.indexOf(own) > STRICTNESS.indexOf(all) ? own : all;
  }, 'off');
}
