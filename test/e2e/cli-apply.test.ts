import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inProcess } from './cli-in-process.ts';

/** A server that answers as it is told, and remembers what it was asked. */
interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let asked: Asked[] = [];
let reply: { status: number; body: string; headers?: Record<string, string> } = { status: 200, body: '' };
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method, url, headers } = request;
  asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked = [];
});

const FILE = `version: 1
people: [{ id: amara, name: Amara Okafor }, { id: benji }]
schedules:
  - id: payments
    timeZone: Europe/London
    rotations:
      - { id: weekly, roster: [amara, benji], cadence: { every: 1, unit: week }, start: 2026-03-23T09:00 }
`;
const load = (shifts: number, nights: number, weekendShifts: number, hours: number) => ({
  shifts,
  nights,
  weekendShifts,
  hours,
});
const ANSWER = {
  dryRun: false,
  revision: 4,
  unchanged: false,
  schedules: [
    { id: 'payments', revision: 2, changed: true, shifts: { scheduled: 3, changed: 1, cancelled: 2 } },
  ],
  changesByPerson: [
    {
      person: 'amara',
      before: load(3, 20, 3, 500),
      after: load(2, 14, 2, 332),
      change: load(-1, -6, -1, -168),
    },
    { person: 'benji', before: load(3, 20, 3, 500), after: load(3, 20, 3, 500), change: load(0, 0, 0, 0) },
  ],
};

async function apply(options: readonly string[] = [], env: Record<string, string> = {}) {
  const settings = { WATCHBILL_URL: url, WATCHBILL_TOKEN: 'wb_secret', ...env };
  return inProcess(['apply', 'watchbill.yaml', ...options], {
    files: { 'watchbill.yaml': FILE },
    env: settings,
  });
}

describe('watchbill apply', () => {
  it('sends the file as it is, and prints what changes for whom', async () => {
    reply = { status: 200, body: JSON.stringify(ANSWER) };
    const { code, out, err } = await apply();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'Applied as revision 4.\npayments:  3 shifts scheduled, 1 changed, 2 cancelled\n\n' +
        'Amara Okafor:  −1 shift, −6 nights, −1 weekend shift, −168 h\n',
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/v1/configuration', body: FILE });
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer wb_secret',
      'content-type': 'application/yaml',
    });
  });

  it('only asks with --dry-run, also below a path and with options instead of the environment', async () => {
    reply = { status: 200, body: JSON.stringify({ ...ANSWER, dryRun: true }) };
    const { code, out } = await apply(['--dry-run', '--url', `${url}/watchbill/`, '--token', 'other']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Dry run: nothing is stored\.\n/);
    expect(asked[0]?.url).toBe('/watchbill/v1/configuration?dryRun=true');
    expect(asked[0]?.headers.authorization).toBe('Bearer other');
  });

  it('prints the answer as it came as JSON', async () => {
    reply = { status: 200, body: JSON.stringify(ANSWER) };
    expect(JSON.parse((await apply(['--format', 'json'])).out)).toEqual(ANSWER);
  });

  it('says when nothing changes', async () => {
    reply = {
      status: 200,
      body: JSON.stringify({ ...ANSWER, unchanged: true, schedules: [], changesByPerson: [] }),
    };
    expect((await apply()).out).toContain('The server has exactly this already.');
  });

  it('shows a refusal with its lines, without characters that steer a terminal', async () => {
    const errors = [
      { line: 7, column: 9, detail: 'no\u001b[31m such person' },
      { pointer: '#/people/0', detail: 'too many' },
    ];
    reply = { status: 422, body: JSON.stringify({ detail: 'The configuration cannot be applied.', errors }) };
    const { code, out, err } = await apply();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('(422): The configuration cannot be applied.');
    expect(err).toContain('watchbill.yaml:7:9: no [31m such person');
    expect(err).toContain('#/people/0: too many');
  });

  it.each([
    [401, '', /token is not valid/],
    [403, '{}', /may not change schedules/],
    [404, '<html>', /no Watchbill server at this address/],
    [503, '', /server has failed/],
    [200, '<html>hello</html>', /does not answer as a Watchbill server/],
    [200, '[]', /does not answer as a Watchbill server/],
  ])('says what to do about an answer of %i %s', async (status, body, message) => {
    reply = { status, body };
    const { code, out, err } = await apply();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toContain('wb_secret');
  });

  it('does not follow a redirect with the token', async () => {
    reply = { status: 307, body: '', headers: { location: `${url}/elsewhere` } };
    const { code, err } = await apply();
    expect(code).toBe(2);
    expect(err).toContain('cannot be reached');
    expect(asked).toHaveLength(1);
  });

  it('says when nobody answers', async () => {
    const { code, err } = await apply(['--url', 'http://127.0.0.1:1']);
    expect(code).toBe(2);
    expect(err).toContain('The server at http://127.0.0.1:1 cannot be reached');
  });

  it('asks no server about a file with mistakes', async () => {
    const options = { files: { '-': 'version: 2\n' }, env: { WATCHBILL_URL: url, WATCHBILL_TOKEN: 't' } };
    const { code, err } = await inProcess(['apply', '-'], options);
    expect(code).toBe(2);
    expect(err).toContain('<stdin>:1:10');
    expect(asked).toHaveLength(0);
  });
});
