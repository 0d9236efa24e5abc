import { describe, expect, it } from 'vitest';
import { makeEndpointUrl } from './endpoint-url.ts';

function codes(text: string, plainHttp = false): string[] {
  const made = makeEndpointUrl(text, { plainHttp });
  return made.ok ? [] : made.problems.map((problem) => problem.code);
}

describe('makeEndpointUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com:8443/hooks?team=a', 'https://example.com:8443/hooks?team=a'],
    ['HTTPS://EXAMPLE.com:443/Hooks', 'https://example.com/Hooks'],
    ['https://пример.example/x', 'https://xn--e1afmkfd.example/x'],
    ['https://[2001:db8::1]/x', 'https://[2001:db8::1]/x'],
  ])('takes %s as %s', (text, href) => {
    expect(makeEndpointUrl(text, { plainHttp: false })).toEqual({ ok: true, value: href });
  });

  it.each([
    ['', 'url/malformed'],
    ['example.com/hooks', 'url/malformed'],
    ['https://', 'url/malformed'],
    ['https://exa mple.com', 'url/malformed'],
    [' https://example.com', 'url/malformed'],
    ['https://example.com/\n', 'url/malformed'],
    ['https://example.com:99999/', 'url/malformed'],
    ['https://1.2.3.256/', 'url/malformed'],
    ['ftp://example.com/', 'url/scheme'],
    ['javascript:alert(1)', 'url/scheme'],
    ['file:///etc/passwd', 'url/scheme'],
    ['http://example.com/', 'url/scheme'],
    ['https://ana:secret@example.com/', 'url/credentials'],
    ['https://example.com/#top', 'url/fragment'],
    ['https://example.com:22/', 'url/port'],
    ['https://example.com:0/', 'url/port'],
    ['https://example.com:6379/', 'url/port'],
    [`https://example.com/${'a'.repeat(2048)}`, 'url/too-long'],
    [`https://example.com/${'ü'.repeat(1000)}`, 'url/too-long'],
  ])('refuses %j: %s', (text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('takes plain http only where it is permitted', () => {
    expect(codes('http://10.0.0.1:8080/hook', true)).toEqual([]);
    expect(codes('http://10.0.0.1:8080/hook', false)).toEqual(['url/scheme']);
  });

  it('says everything that is wrong at once', () => {
    expect(codes('ftp://ana:secret@example.com:22/#x')).toEqual([
      'url/scheme',
      'url/credentials',
      'url/fragment',
      'url/port',
    ]);
  });
});
