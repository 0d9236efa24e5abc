import type { Problem, Urgency } from '@watchbill/core';
import {
  contactMethodsOf,
  type NotificationRuleRow,
  notificationRulesOf,
  type QuietHoursRow,
  quietHoursOf,
  readNames,
  replaceNotificationRules,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

export type RuleWish = Omit<NotificationRuleRow, 'person'>;

export interface NotificationRulesInput {
  readonly person: string;
  /** In the order of the list; `contactMethod` null is Slack. None of an urgency: as if there were no rules. */
  readonly rules: readonly RuleWish[];
  /** When low urgency waits, in the person's own time. */
  readonly quietHours: Omit<QuietHoursRow, 'person'> | null;
}

export const MAX_RULES = 20;
export const MAX_RULE_AFTER_MS = 24 * 3_600_000;
const URGENCIES: readonly Urgency[] = ['high', 'low'];
const DAY_MINUTES = 24 * 60;

/** Says how a person is told of pages: by which ways, after how long, and when low urgency waits. */
export function setNotificationRules(
  context: CommandContext,
  input: NotificationRulesInput,
): Promise<CommandResult<NotificationRulesInput>> {
  return runCommand(context, { name: 'setNotificationRules', input }, async (tx) => {
    const { person, rules, quietHours } = input;
    if (!(await readNames(tx, [person])).has(person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const refused = await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    const methods = new Map((await contactMethodsOf(tx, [person])).map((row) => [row.id, row.verifiedAt]));
    const problems = [...ruleProblems(rules, methods), ...quietProblems(quietHours)];
    const [first] = problems;
    if (first !== undefined) return refuse('invalid', first.code, { message: first.message, problems });
    const before = {
      rules: await notificationRulesOf(tx, [person]),
      quietHours: (await quietHoursOf(tx, [person]))[0] ?? null,
    };
    await replaceNotificationRules(tx, person, { rules, quiet: quietHours });
    return done(input, before);
  });
}

function ruleProblems(rules: readonly RuleWish[], methods: ReadonlyMap<string, number | null>): Problem[] {
  const problems: Problem[] = [];
  const add = (path: Problem['path'], message: string) =>
    problems.push({ path: ['rules', ...path], code: 'contact/rule', message });
  if (rules.length > MAX_RULES) add([], `At most ${MAX_RULES} rules.`);
  for (const [index, { urgency, contactMethod, afterMs }] of rules.entries()) {
    if (!URGENCIES.includes(urgency)) add([index, 'urgency'], 'An urgency is high or low.');
    if (!Number.isInteger(afterMs) || afterMs < 0 || afterMs > MAX_RULE_AFTER_MS) {
      add([index, 'afterMs'], 'Wait from 0 s to 24 h.');
    }
    if (contactMethod === null) continue;
    const verified = methods.get(contactMethod);
    if (verified === undefined) add([index, 'contactMethod'], 'The person has no such way.');
    else if (verified === null)
      add([index, 'contactMethod'], 'This way is not verified yet: enter its code first.');
  }
  return problems;
}

function quietProblems(quiet: NotificationRulesInput['quietHours']): Problem[] {
  if (quiet === null) return [];
  const isMinute = (value: number) => Number.isInteger(value) && value >= 0 && value < DAY_MINUTES;
  if (isMinute(quiet.from) && isMinute(quiet.to) && quiet.from !== quiet.to) return [];
  const message = 'Quiet hours go from one time of the day to another.';
  return [{ path: ['quietHours'], code: 'contact/quiet-hours', message }];
}
