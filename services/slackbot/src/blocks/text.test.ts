import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageProblems } from '../../../../test/support/slack-limits.ts';
import { clip, clipMrkdwn, escapeText, escapeWithin, plainTime, shortSpan, time } from './text.ts';

const AT = Date.UTC(2026, 10, 23, 9);

describe('texts', () => {
  it('show a time in each reader’s zone, and name the zone where Slack cannot', () => {
    expect(time(AT, 'Europe/Berlin')).toBe(
      '<!date^1795424400^{date_short_pretty} {time}|Mon 23 Nov 2026 10:00 Europe/Berlin>',
    );
    expect(plainTime(AT, 'UTC')).toBe('Mon 23 Nov 2026 09:00 UTC');
    expect(shortSpan({ start: AT, end: AT + 3_600_000 }, 'UTC')).toBe('Mon 23 Nov 09:00 – 10:00');
    expect(shortSpan({ start: AT, end: AT + 86_400_000 }, 'UTC')).toBe('Mon 23 Nov 09:00 – Tue 24 Nov 09:00');
  });

  it('escape what would be a mention, a link or an entity', () => {
    expect(escapeText('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
    expect(escapeWithin('&&&&', 10)).toBe('&amp;…');
  });

  it('are cut without halves of characters', () => {
    expect(clip('😀😀', 4)).toBe('😀😀');
    expect(clip('a😀😀', 3)).toBe('a…');
  });

  it('fit whatever they are cut to, and stay well formed', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('\n', '&', '<', time(AT, 'UTC'), '<@U0123>', '😀'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 20, max: 200 }), (pieces, most) => {
        const plain = pieces.join('');
        expect(escapeWithin(plain, most).length).toBeLessThanOrEqual(most);
        const mrkdwn = pieces
          .map((each) => (each.startsWith('<!') || each.startsWith('<@') ? each : escapeText(each)))
          .join('');
        const cut = clipMrkdwn(mrkdwn, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(messageProblems({ text: `x${cut}` })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
