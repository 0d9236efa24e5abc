import { describe, expect, it } from 'vitest';
import { type GroupOptions, MAX_ALERTS_ALONE, readAlertGroup } from './alertmanager.ts';
import { readGrafana } from './grafana.ts';
import type { Signal } from './signal.ts';

const byGroup: GroupOptions = { by: 'group', severityLabel: 'severity', severity: null };
const byAlert: GroupOptions = { ...byGroup, by: 'alert' };

function alertOf(number: number, status = 'firing') {
  return {
    status,
    labels: {
      alertname: 'TargetDown',
      severity: number === 2 ? 'critical' : 'warning',
      instance: `web-${number}`,
    },
    annotations: { summary: `web-${number} is down`, runbook_url: 'https://example.com/runbooks/down' },
    startsAt: '2026-11-02T03:04:05Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
    fingerprint: `f${number}`,
  };
}

function groupOf(alerts: readonly object[], status = 'firing') {
  return {
    version: '4',
    groupKey: '{}:{alertname="TargetDown"}',
    truncatedAlerts: 0,
    status,
    receiver: 'watchbill',
    groupLabels: { alertname: 'TargetDown' },
    commonLabels: { alertname: 'TargetDown' },
    commonAnnotations: { runbook_url: 'https://example.com/runbooks/down' },
    externalURL: 'http://alertmanager.example.com',
    alerts,
  };
}

function signalsOf(body: unknown, options: GroupOptions): readonly Signal[] {
  const read = readAlertGroup(body, options);
  if (!read.ok) throw new Error(read.errors.join());
  return read.signals;
}

describe('a group of Alertmanager', () => {
  it('is one page, as bad as its worst alert', () => {
    const [signal, ...more] = signalsOf(groupOf([alertOf(1), alertOf(2)]), byGroup);
    expect(more).toEqual([]);
    expect(signal).toMatchObject({
      action: 'trigger',
      dedupKey: '{}:{alertname="TargetDown"}',
      summary: 'TargetDown (2 alerts)',
      severity: 'critical',
      details: { firing: 2, receiver: 'watchbill', alerts: [{ fingerprint: 'f1' }, { fingerprint: 'f2' }] },
      links: [
        { href: 'https://example.com/runbooks/down', text: 'runbook' },
        { href: 'http://alertmanager.example.com', text: 'Alertmanager' },
        { href: 'http://prometheus.example.com/graph?g0.expr=up', text: 'Source' },
      ],
    });
  });

  it('is named after its only alert', () => {
    expect(signalsOf(groupOf([alertOf(1)]), byGroup)[0]).toMatchObject({ summary: 'web-1 is down' });
  });

  it('stays open while some of it fires, and ends as a whole', () => {
    expect(signalsOf(groupOf([alertOf(1, 'resolved'), alertOf(2)]), byGroup)[0]).toMatchObject({
      action: 'trigger',
      summary: 'web-2 is down',
    });
    expect(signalsOf(groupOf([alertOf(1, 'resolved')], 'resolved'), byGroup)).toEqual([
      { action: 'resolve', dedupKey: '{}:{alertname="TargetDown"}' },
    ]);
  });

  it('can be a page for each alert', () => {
    expect(signalsOf(groupOf([alertOf(1), alertOf(2, 'resolved')]), byAlert)).toMatchObject([
      { action: 'trigger', dedupKey: 'f1', summary: 'web-1 is down', severity: 'warning', source: 'web-1' },
      { action: 'resolve', dedupKey: 'f2' },
    ]);
  });

  it('loses none of very many alerts', () => {
    const alerts = Array.from({ length: MAX_ALERTS_ALONE + 7 }, (_, number) => alertOf(number));
    const signals = signalsOf(groupOf(alerts), byAlert);
    expect(signals).toHaveLength(MAX_ALERTS_ALONE + 1);
    const rest = signals.at(-1);
    expect(rest).toMatchObject({ action: 'trigger', summary: 'TargetDown (7 alerts)' });
    const ended = signalsOf(groupOf([alertOf(1, 'resolved')], 'resolved'), byAlert);
    expect(ended).toContainEqual({ action: 'resolve', dedupKey: rest?.dedupKey });
  });

  it('knows an alert without a fingerprint by its labels', () => {
    const bare = (instance: string) => ({ status: 'firing', labels: { job: 'web', instance } });
    const keys = signalsOf(groupOf([bare('a'), bare('b')]), byAlert).map(({ dedupKey }) => dedupKey);
    expect(keys).toEqual(['instance=a,job=web', 'instance=b,job=web']);
  });

  it('takes the severity that the intake names where its labels say none', () => {
    const quiet = { ...alertOf(1), labels: { alertname: 'A', level: 'info' } };
    expect(signalsOf(groupOf([quiet]), byGroup)[0]).toMatchObject({ severity: 'error' });
    expect(signalsOf(groupOf([quiet]), { ...byGroup, severity: 'warning' })[0]).toMatchObject({
      severity: 'warning',
    });
    expect(signalsOf(groupOf([quiet]), { ...byGroup, severityLabel: 'level' })[0]).toMatchObject({
      severity: 'info',
    });
  });

  it.each([
    ['text', 'x'],
    ['null', null],
    ['no alerts', { ...groupOf([]), alerts: undefined }],
    ['alerts that are none', groupOf([null as unknown as object])],
    ['no status', { ...groupOf([alertOf(1)]), status: undefined }],
    ['nothing to know it by', { status: 'firing', alerts: [alertOf(1)] }],
  ])('is refused as %s', (_name, body) => {
    expect(readAlertGroup(body, byGroup).ok).toBe(false);
  });
});

describe('Grafana', () => {
  it('sends groups with more in them', () => {
    const alert = {
      ...alertOf(1),
      valueString: "[ var='B' value=97 ]",
      values: { B: 97 },
      dashboardURL: 'https://grafana.example.com/d/1',
      panelURL: 'https://grafana.example.com/d/1?viewPanel=2',
      silenceURL: 'https://grafana.example.com/silence',
    };
    const body = { ...groupOf([alert]), orgId: 1, state: 'alerting', title: '[FIRING:1]', message: 'm' };
    const read = readGrafana(body, byGroup);
    expect(read).toMatchObject({
      ok: true,
      signals: [
        {
          summary: 'web-1 is down',
          details: { orgId: 1, alerts: [{ values: { B: 97 }, valueString: "[ var='B' value=97 ]" }] },
        },
      ],
    });
    const links = read.ok && read.signals[0]?.action === 'trigger' ? read.signals[0].links : [];
    expect(links.map(({ text }) => text)).toEqual([
      ...['runbook', 'Alertmanager', 'Panel', 'Dashboard', 'Silence', 'Source'],
    ]);
  });

  const rule = {
    ruleId: 7,
    ruleName: 'CPU',
    ruleUrl: 'https://grafana.example.com/d/1?panelId=2',
    state: 'alerting',
    title: '[Alerting] CPU',
    message: 'too hot',
    evalMatches: [{ value: 97, metric: 'cpu', tags: {} }],
    tags: { severity: 'critical' },
  };

  it('sent single rules before', () => {
    expect(readGrafana(rule, byGroup)).toMatchObject({
      ok: true,
      signals: [{ action: 'trigger', dedupKey: 'rule 7', summary: '[Alerting] CPU', severity: 'critical' }],
    });
    expect(readGrafana({ ...rule, state: 'ok' }, byGroup)).toMatchObject({
      ok: true,
      signals: [{ action: 'resolve', dedupKey: 'rule 7' }],
    });
    expect(readGrafana({ ...rule, state: 'paused' }, byGroup)).toMatchObject({ ok: true, signals: [] });
    expect(readGrafana({ ...rule, state: 'odd' }, byGroup).ok).toBe(false);
    expect(readGrafana({ state: 'ok' }, byGroup).ok).toBe(false);
    expect(readGrafana([], byGroup).ok).toBe(false);
  });
});
