import type { Made, Problem } from '@watchbill/core';

/** The longest URL of an endpoint, in characters. */
export const MAX_URL_LENGTH = 2048;

const FIRST_FREE_PORT = 1024;
/** Ports above 1023 where no web server listens, but something that could misread a request does. */
const REFUSED_PORTS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6379, 6566, 6697, 11211,
]);

/**
 * Checks the shape of an endpoint's URL and returns it as it will be called. Nothing is looked up here: where the
 * host leads is judged at every connection. `plainHttp` permits `http:`, for networks that the operator allowed.
 */
export function makeEndpointUrl(text: string, rules: { readonly plainHttp: boolean }): Made<string> {
  if (text.length > MAX_URL_LENGTH) {
    return refuse('url/too-long', `The URL has ${text.length} characters; ${MAX_URL_LENGTH} are allowed.`);
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || text.trim() !== text || /\s/.test(text)) {
    return refuse('url/malformed', 'This is not a URL. Write it in full, such as https://example.com/hooks.');
  }
  const problems = [scheme(url, rules.plainHttp), credentials(url), fragment(text), port(url)].filter(
    isProblem,
  );
  if (problems.length > 0) return { ok: false, problems };
  if (url.href.length > MAX_URL_LENGTH) {
    return refuse('url/too-long', `The URL is ${url.href.length} characters long once it is escaped.`);
  }
  return { ok: true, value: url.href };
}

function scheme(url: URL, plainHttp: boolean): Problem | null {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && plainHttp)) return null;
  const message =
    url.protocol === 'http:'
      ? 'The URL must begin with https://. Plain http is only for networks that the operator has allowed.'
      : 'The URL must begin with https://.';
  return problem('url/scheme', message);
}

function credentials(url: URL): Problem | null {
  if (url.username === '' && url.password === '') return null;
  return problem(
    'url/credentials',
    'Leave the user name and password out of the URL: the signature proves us.',
  );
}

function fragment(text: string): Problem | null {
  return text.includes('#')
    ? problem('url/fragment', 'Leave out the # and what follows: it is never sent.')
    : null;
}

function port(url: URL): Problem | null {
  if (url.port === '' || url.port === '80' || url.port === '443') return null;
  const number = Number(url.port);
  if (number >= FIRST_FREE_PORT && !REFUSED_PORTS.has(number)) return null;
  return problem('url/port', `Port ${url.port} is not for web servers. Use 443, 80 or one above 1023.`);
}

function problem(code: string, message: string): Problem {
  return { path: ['url'], code, message };
}

function refuse(code: string, message: string): Made<string> {
  return { ok: false, problems: [problem(code, message)] };
}

function isProblem(value: Problem | null): value is Problem {
  return value !== null;
}
