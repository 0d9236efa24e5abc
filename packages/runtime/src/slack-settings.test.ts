import { describe, expect, test } from 'vitest';
import { readSecretKeys, readSlackSettings } from './slack-settings.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OAUTH = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'hunter2',
  SLACK_STATE_SECRET: 'hunter3',
  SLACK_WORKSPACES: 'T0ACME, T0OTHER',
};

describe('readSlackSettings', () => {
  test('has no bot where nothing is set', () => {
    const { value, problems } = readSlackSettings({});
    expect(value).toMatchObject({ mode: 'off', apiUrl: 'https://slack.com/api/', oauth: null });
    expect(problems).toEqual([]);
  });

  test('an app token means Socket Mode, a signing secret HTTP, both Socket Mode', () => {
    const bot = { SLACK_BOT_TOKEN: 'xoxb-1' };
    const app = { SLACK_APP_TOKEN: 'xapp-1' };
    const secret = { SLACK_SIGNING_SECRET: 's' };
    expect(readSlackSettings({ ...bot, ...app }).value.mode).toBe('socket');
    expect(readSlackSettings({ ...bot, ...secret }).value.mode).toBe('http');
    expect(readSlackSettings({ ...bot, ...app, ...secret }).value.mode).toBe('socket');
    expect(readSlackSettings({ ...OAUTH, ...secret }).problems).toEqual([]);
  });

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN'],
    [{ SLACK_BOT_TOKEN: 'xoxp-hunter2', SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-hunter2' }, 'SLACK_APP_TOKEN'],
    [{ SLACK_API_URL: 'https://slack.example/api' }, 'SLACK_API_URL'],
    [{ SLACK_PORT: '70000' }, 'SLACK_PORT'],
    [
      { SLACK_CLIENT_ID: '1.2', SLACK_SIGNING_SECRET: 's' },
      'SLACK_CLIENT_SECRET and SLACK_STATE_SECRET and SLACK_WORKSPACES',
    ],
    [{ ...OAUTH, SLACK_WORKSPACES: 'everybody', SLACK_SIGNING_SECRET: 's' }, 'SLACK_WORKSPACES'],
  ])('%j is told to be wrong at %s, and no value is told', (given, names) => {
    const { problems } = readSlackSettings(given);
    expect(problems[0]?.split(':')[0]).toBe(names);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('readSecretKeys', () => {
  test('reads one key, or several for the time of a change', () => {
    expect(readSecretKeys({ WATCHBILL_SECRET_KEY: KEY }).value).toHaveLength(1);
    expect(readSecretKeys({ WATCHBILL_SECRET_KEY: `${KEY}, ${KEY}` }).value).toHaveLength(2);
  });

  test('refuses a key of another length, and OAuth without a key', () => {
    expect(readSecretKeys({ WATCHBILL_SECRET_KEY: 'aHVudGVyMg==' }).problems).toHaveLength(1);
    expect(readSecretKeys(OAUTH).problems).toHaveLength(1);
    expect(readSecretKeys({}).problems).toEqual([]);
  });
});
