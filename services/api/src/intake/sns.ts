import { createHash } from 'node:crypto';
import type { Severity } from '@watchbill/core';
import { boundedDetails } from './bounded-details.ts';
import { type GenericOptions, readGeneric } from './generic.ts';
import { isObject, type JsonObject } from './json-fields.ts';
import { boundedKey, lineOrNull, oneLine, SOURCE_LIMIT, SUMMARY_LIMIT, textOf } from './plain-text.ts';
import { readJson } from './read-json.ts';
import { DEFAULT_SEVERITY } from './severity-words.ts';
import { asks, asksNothing, type Reading } from './signal.ts';

export interface SnsOptions extends GenericOptions {
  /** Whether an alarm that has too little data needs somebody. */
  readonly insufficientData: 'ignore' | 'trigger';
}

/** Reads the message of an SNS notification: a CloudWatch alarm, JSON that the mapping knows, or any text. */
export function readSnsNotification(notification: JsonObject, options: SnsOptions): Reading {
  const text = textOf(notification.Message);
  const read = readJson(new TextEncoder().encode(text));
  if (read.ok && isObject(read.value)) {
    if (isAlarm(read.value)) return readAlarm(read.value, options);
    if (options.mapping !== null) return readGeneric(read.value, options);
  }
  const summary = oneLine(notification.Subject, SUMMARY_LIMIT) || oneLine(text, SUMMARY_LIMIT);
  return asks({
    action: 'trigger',
    // The same text of the same topic is the same trouble.
    dedupKey: createHash('sha256')
      .update(`${textOf(notification.TopicArn)}\n${summary}`)
      .digest('hex'),
    summary: summary || 'A message without text',
    severity: options.severity ?? DEFAULT_SEVERITY,
    source: lineOrNull(notification.TopicArn, SOURCE_LIMIT),
    details: boundedDetails(read.ok && isObject(read.value) ? read.value : { message: text }),
    links: [],
  });
}

function isAlarm(message: JsonObject): boolean {
  return textOf(message.AlarmName) !== '' && textOf(message.NewStateValue) !== '';
}

function readAlarm(alarm: JsonObject, options: SnsOptions): Reading {
  const { AlarmName, AWSAccountId, Region, AlarmDescription, NewStateReason } = alarm;
  const name = oneLine(AlarmName, SUMMARY_LIMIT);
  const place = [AWSAccountId, Region, AlarmName].map(textOf).join(':');
  const dedupKey = boundedKey(alarm.AlarmArn) ?? boundedKey(place) ?? name;
  switch (textOf(alarm.NewStateValue)) {
    case 'OK':
      return asks({ action: 'resolve', dedupKey });
    case 'ALARM':
      break;
    case 'INSUFFICIENT_DATA':
      if (options.insufficientData === 'ignore') return asksNothing('The alarm has too little data.');
      break;
    default:
      return asksNothing(`The state "${oneLine(alarm.NewStateValue, 60)}" needs nobody.`);
  }
  const severity: Severity = options.severity ?? DEFAULT_SEVERITY;
  const told = oneLine(AlarmDescription, SUMMARY_LIMIT) || oneLine(NewStateReason, SUMMARY_LIMIT);
  return asks({
    action: 'trigger',
    dedupKey,
    summary: oneLine(told === '' ? name : `${name}: ${told}`, SUMMARY_LIMIT),
    severity,
    source: lineOrNull([AWSAccountId, Region].map(textOf).filter(Boolean).join(' '), SOURCE_LIMIT),
    details: boundedDetails(alarm),
    links: [],
  });
}
