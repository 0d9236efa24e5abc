import { expect, test } from 'vitest';
import { wordsOf } from './page-on-call.ts';

test('takes what a message says, wherever its sender put it', () => {
  const block = { type: 'section', text: { type: 'mrkdwn', text: 'from a block' } };
  expect(wordsOf({ text: 'plain', blocks: [block] })).toBe('plain');
  expect(wordsOf({ text: '', blocks: [block] })).toBe('from a block');
  const fields = {
    type: 'section',
    fields: [
      { type: 'mrkdwn', text: 'host' },
      { type: 'mrkdwn', text: 'db-1' },
    ],
  };
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'hi' }] }],
  };
  const buttons = {
    type: 'actions',
    elements: [{ type: 'button', text: { type: 'plain_text', text: 'Silence' } }],
  };
  expect(wordsOf({ text: '', blocks: [fields, rich, buttons] })).toBe('host\ndb-1\nhi');
  const attachments = [
    { fallback: 'short', title: '[FIRING:1] Disk', text: 'db-1 is full' },
    { fallback: 'only this' },
  ];
  expect(wordsOf({ text: '', attachments })).toBe('[FIRING:1] Disk\ndb-1 is full\nonly this');
  expect(wordsOf({ blocks: 'no list', attachments: null })).toBe('');
});
