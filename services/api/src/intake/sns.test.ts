import { describe, expect, it } from 'vitest';
import { readSnsNotification } from './sns.ts';

const options = { mapping: null, severity: null, insufficientData: 'ignore' } as const;
const alarm = {
  AlarmName: 'api-5xx',
  AlarmDescription: 'Too many errors of the API',
  AWSAccountId: '123456789012',
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold crossed',
  StateChangeTime: '2026-11-02T03:04:05.000+0000',
  Region: 'EU (Frankfurt)',
  AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:api-5xx',
  OldStateValue: 'OK',
  Trigger: { MetricName: '5XXError' },
};
const sent = (message: unknown, more: object = {}) => ({
  Type: 'Notification',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  ...more,
});

describe('a notification of SNS', () => {
  it('follows an alarm of CloudWatch', () => {
    expect(readSnsNotification(sent(alarm), options)).toMatchObject({
      ok: true,
      signals: [
        {
          action: 'trigger',
          dedupKey: alarm.AlarmArn,
          summary: 'api-5xx: Too many errors of the API',
          severity: 'error',
          source: '123456789012 EU (Frankfurt)',
          details: { Trigger: { MetricName: '5XXError' } },
        },
      ],
    });
    const over = { ...alarm, NewStateValue: 'OK' };
    expect(readSnsNotification(sent(over), options)).toMatchObject({
      signals: [{ action: 'resolve', dedupKey: alarm.AlarmArn }],
    });
  });

  it('says nothing of too little data, unless it is to', () => {
    const unsure = sent({ ...alarm, NewStateValue: 'INSUFFICIENT_DATA' });
    expect(readSnsNotification(unsure, options)).toMatchObject({ signals: [], ignored: expect.any(String) });
    expect(readSnsNotification(unsure, { ...options, insufficientData: 'trigger' })).toMatchObject({
      signals: [{ action: 'trigger' }],
    });
  });

  it('reads other JSON by the mapping', () => {
    const mapping = { summary: '$.detail.title', dedupKey: '$.id' };
    const body = sent({ id: 'e1', detail: { title: 'Instance stopped' } });
    expect(readSnsNotification(body, { ...options, mapping })).toMatchObject({
      signals: [{ summary: 'Instance stopped', dedupKey: 'e1' }],
    });
  });

  it('pages with any text, the same for the same', () => {
    const first = readSnsNotification(sent('Disk is full', { Subject: 'Trouble' }), options);
    const again = readSnsNotification(sent('Disk is fuller', { Subject: 'Trouble' }), options);
    const other = readSnsNotification(sent('Disk is full'), options);
    const keys = [first, again, other].map((read) => (read.ok ? read.signals[0]?.dedupKey : null));
    expect(first).toMatchObject({ signals: [{ summary: 'Trouble', details: { message: 'Disk is full' } }] });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('is read whatever it holds', () => {
    for (const message of ['', '{', 'null', '[]', '{"AlarmName":{}}', '\u0000']) {
      expect(readSnsNotification(sent(message), options).ok).toBe(true);
    }
  });
});
