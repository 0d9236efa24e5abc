import { afterQuietHours, type Instant, type Urgency } from '@watchbill/core';
import {
  type ContactMethodRow,
  contactMethodsOf,
  type NotificationRuleRow,
  notificationRulesOf,
  type PersonRow,
  type Queryable,
  type QuietHoursRow,
  quietHoursOf,
  readPeople,
  slackPlacesOf,
} from '@watchbill/database';

/** One way by which a person is to be told, and how long after the step. */
export interface PersonWay {
  readonly way: string;
  /** Of the person's contact methods; null for a way that the configuration names. */
  readonly contactMethod: string | null;
  readonly afterMs: number;
}

/**
 * How people are to be told of a page of this urgency, by person, at an instant of real time: by their rules, where they
 * have set any. Whoever has not is told by Slack and by e-mail at once, as far as the configuration names them. Low
 * urgency waits for the end of their quiet hours. A person without any way is left out.
 */
export async function waysOfPeople(
  queryable: Queryable,
  people: readonly string[],
  { urgency, now }: { readonly urgency: Urgency; readonly now: Instant },
): Promise<Map<string, readonly PersonWay[]>> {
  if (people.length === 0) return new Map();
  // One after the other: a transaction has one connection.
  const rows = await readPeople(queryable, people);
  const linked = await slackPlacesOf(queryable, people);
  const methods = await contactMethodsOf(queryable, people);
  const rules = await notificationRulesOf(queryable, people);
  const quiet: QuietHoursRow[] = urgency === 'low' ? await quietHoursOf(queryable, people) : [];
  const ways = rows.map((person): [string, PersonWay[]] => {
    const slack = linked.has(person.id) || namesSlack(person);
    const own = rules.filter((rule) => rule.person === person.id && rule.urgency === urgency);
    const plain = own.length > 0 ? waysByRules(own, { slack, methods }) : waysByDefault(person, slack);
    const hours = quiet.find((row) => row.person === person.id) ?? null;
    const wait = afterQuietHours(now, hours, person.timeZone) - now;
    return [person.id, plain.map((way) => ({ ...way, afterMs: way.afterMs + wait }))];
  });
  return new Map(ways.filter(([, own]) => own.length > 0));
}

function waysByRules(
  rules: readonly NotificationRuleRow[],
  { slack, methods }: { readonly slack: boolean; readonly methods: readonly ContactMethodRow[] },
): PersonWay[] {
  return rules.flatMap(({ contactMethod, afterMs }): PersonWay[] => {
    if (contactMethod === null) return slack ? [{ way: 'slack', contactMethod: null, afterMs }] : [];
    const method = methods.find((row) => row.id === contactMethod && row.verifiedAt !== null);
    return method === undefined ? [] : [{ way: method.kind, contactMethod, afterMs }];
  });
}

function waysByDefault({ email }: PersonRow, slack: boolean): PersonWay[] {
  const named = [...(slack ? ['slack'] : []), ...(email === null ? [] : ['email'])];
  return named.map((way) => ({ way, contactMethod: null, afterMs: 0 }));
}

function namesSlack({ definition }: PersonRow): boolean {
  return 'slack' in definition && typeof definition.slack === 'string';
}
