import type { EscalationPolicy, EscalationTarget } from '@watchbill/core';
import {
  isoInstant,
  type NotificationRow,
  type PageActor,
  type PageDetail,
  type PageLogRow,
  type PageRow,
} from '@watchbill/database';
import { isoOrNull } from './iso.ts';

/** A page as an answer. */
export function pageJson(row: PageRow) {
  const { place } = row;
  return {
    ...{ id: row.id, number: row.number, state: place.state, severity: row.severity, urgency: row.urgency },
    ...{ summary: row.summary, source: row.source, details: row.details ?? null },
    links: row.links.map((link) => ({ ...link })),
    ...{ intake: row.intake, dedupKey: row.dedupKey, policy: row.policy, schedule: row.schedule },
    ...{ assignedTo: row.assignedTo, folds: row.folds, repeats: row.repeats, folded: row.folded },
    lastTriggeredAt: isoInstant(row.lastTriggeredAt),
    ...{ round: place.round, fired: place.fired, nextStepAt: isoOrNull(place.stepAt) },
    ...{ snoozedUntil: isoOrNull(place.snoozedUntil), retriggerAt: isoOrNull(place.retriggerAt) },
    ...{ createdBy: row.createdBy, createdAt: isoInstant(row.createdAt) },
    ...{ acknowledged: actorJson(row.acknowledged), resolved: actorJson(row.resolved) },
  };
}

function actorJson(actor: PageActor | null) {
  return actor === null ? null : { ...actor, at: isoInstant(actor.at) };
}

/** A page with everything that happened to it, as an answer. */
export function pageDetailJson(row: PageDetail, log: readonly PageLogRow[]) {
  return {
    ...pageJson(row),
    escalation: policyJson(row.escalation),
    steps: row.steps.map((step) => ({
      ...step,
      firedAt: isoInstant(step.firedAt),
      told: step.told.map((one) => ({ ...one })),
      targets: step.targets.map(targetJson),
      skipped: step.skipped.map((one) => ({ ...one })),
    })),
    notifications: row.notifications.map(notificationJson),
    log: log.map(({ at, kind, person, actor, via, detail }) => ({
      ...{ at: isoInstant(at), kind, person, actor, via, detail },
    })),
  };
}

function policyJson(policy: EscalationPolicy) {
  return {
    ...policy,
    steps: policy.steps.map((step) => ({
      ...step,
      targets: step.targets.map(targetJson),
      severities: step.severities === null ? null : [...step.severities],
    })),
    lastResort: policy.lastResort.map(targetJson),
  };
}

/** A webhook's address may hold a secret, so only its host is told. */
function targetJson(target: EscalationTarget) {
  if (target.kind !== 'webhook') return target;
  return { kind: target.kind, url: URL.canParse(target.url) ? new URL(target.url).origin : '' };
}

function notificationJson(row: NotificationRow) {
  const {
    page: _page,
    pass: _pass,
    contactMethod: _method,
    receipt: _receipt,
    createdAt: _made,
    ...rest
  } = row;
  return {
    ...rest,
    target: row.target === null ? null : targetJson(row.target),
    dueAt: isoInstant(row.dueAt),
    sentAt: isoOrNull(row.sentAt),
    finishedAt: isoOrNull(row.finishedAt),
  };
}
