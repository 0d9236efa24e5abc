import type { OpenIntake } from '@watchbill/database';
import { type GroupOptions, readAlertGroup } from './alertmanager.ts';
import { readDatadog } from './datadog.ts';
import { readGeneric } from './generic.ts';
import { readGrafana } from './grafana.ts';
import { isObject } from './json-fields.ts';
import { readOpsgenieAlert } from './opsgenie.ts';
import { readPagerdutyEvent } from './pagerduty.ts';
import { readSentry } from './sentry.ts';
import { asks, type Reading, unreadable } from './signal.ts';
import { readSnsNotification } from './sns.ts';

const DEFAULT_SEVERITY_LABEL = 'severity';

/** What a request holds beside its body. */
export interface SentHeaders {
  /** `Sentry-Hook-Resource`. */
  readonly resource: string;
}

/** Reads a body in the way of the intake's kind and by its settings. Pure: signatures are checked elsewhere. */
export function readSignals(
  { kind, settings }: Pick<OpenIntake, 'kind' | 'settings'>,
  body: unknown,
  { resource }: SentHeaders,
): Reading {
  const severity = settings.severity ?? null;
  const mapping = settings.mapping ?? null;
  const group: GroupOptions = {
    by: settings.by ?? 'group',
    severityLabel: settings.severityLabel ?? DEFAULT_SEVERITY_LABEL,
    severity,
  };
  switch (kind) {
    case 'pagerduty':
      return readPagerdutyEvent(body);
    case 'opsgenie': {
      const read = readOpsgenieAlert(body);
      return read.ok ? asks(read.signal) : unreadable(...Object.values(read.errors));
    }
    case 'alertmanager':
      return readAlertGroup(body, group);
    case 'grafana':
      return readGrafana(body, group);
    case 'generic':
      return readGeneric(body, { mapping, severity });
    case 'datadog':
      return readDatadog(body, { severity });
    case 'sentry':
      return readSentry(body, resource, { severity });
    case 'sns': {
      if (!isObject(body)) return unreadable('The body is not a JSON object.');
      const { insufficientData = 'ignore' } = settings;
      return readSnsNotification(body, { mapping, severity, insufficientData });
    }
  }
}
