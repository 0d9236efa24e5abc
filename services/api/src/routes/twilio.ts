import { createHmac, timingSafeEqual } from 'node:crypto';
import { acknowledgePage, actByLink, resolvePage } from '@watchbill/commands';
import { contactMethodsByAddress, type Database } from '@watchbill/database';
import type { TwilioSettings } from '@watchbill/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';

const ANSWER = /^\s*(ack(?:nowledge)?|res(?:olve)?|1|2)\b[\s#]*(\d{1,15})?\s*$/i;
const BODY_LIMIT = 16_384;

/** Answers by SMS and by the keys of a telephone, as Twilio hands them on. Only with its signature. */
export function addTwilioRoutes(app: Api, { database, settings }: ApiContext): void {
  const { twilio } = settings.notify;
  if (twilio === null) return;
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMIT },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    const signed = (request: FastifyRequest): boolean => hasSignature(request, twilio, settings.publicUrl);
    scope.post('/v1/twilio/sms', { ...open({}), schema: { hide: true } }, async (request, reply) => {
      if (!signed(request)) return refuse(reply);
      const form = request.body as URLSearchParams;
      const words = await answerText(database, form.get('From') ?? '', form.get('Body') ?? '');
      return twiml(reply, `<Message>${words}</Message>`);
    });
    scope.post('/v1/twilio/voice/:link', { ...open({}), schema: { hide: true } }, async (request, reply) => {
      if (!signed(request)) return refuse(reply);
      const { link } = request.params as { readonly link: string };
      const key = (request.body as URLSearchParams).get('Digits');
      const act = key === '1' ? 'acknowledge' : key === '2' ? 'resolve' : null;
      if (act === null) return twiml(reply, '<Say>This key does nothing. Goodbye.</Say>');
      const result = await actByLink(
        { database, actor: 'telephone', origin: request.ip },
        { link, act, via: 'voice' },
      );
      const words = result.ok
        ? `${act === 'resolve' ? 'Resolved' : 'Acknowledged'}. Thank you.`
        : 'That did not work.';
      return twiml(reply, `<Say>${words}</Say>`);
    });
  });
}

/** `ack 12` and `resolve 12`, from a number that was verified; in words that fit into one message. */
async function answerText(database: Database, from: string, text: string): Promise<string> {
  const match = ANSWER.exec(text);
  const number = match?.[2];
  if (match === null || number === undefined) {
    return 'Reply ACK and the number of the page, such as ACK 12; or RES 12 to resolve it.';
  }
  const [method] = await contactMethodsByAddress(database, ['sms', 'voice'], from);
  if (method === undefined) return 'This number belongs to nobody here. Verify it in the web app first.';
  const resolve = /^(?:res|2)/i.test(match[1] ?? '');
  const context = { database, actor: `SMS from ${method.person}`, caller: { person: method.person } };
  const input = { page: number, by: method.person, via: 'sms' as const };
  const result = await (resolve ? resolvePage : acknowledgePage)(context, input);
  if (!result.ok) return 'There is no page with this number.';
  const { page, acted } = result.value;
  if (acted) return `#${page.number} is ${resolve ? 'resolved' : 'yours'}. Thank you.`;
  const who = (page.resolved ?? page.acknowledged)?.person;
  return `#${page.number} was ${page.place.state} already${who === null || who === undefined ? '' : ` by ${who}`}.`;
}

/** Twilio signs the address it was given and the fields of the form, in their order by name. */
function hasSignature(request: FastifyRequest, { authToken }: TwilioSettings, publicUrl: string): boolean {
  const given = request.headers['x-twilio-signature'];
  const form = request.body;
  if (typeof given !== 'string' || !(form instanceof URLSearchParams)) return false;
  const fields = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = `${publicUrl}${request.url}${fields.map(([name, value]) => `${name}${value}`).join('')}`;
  const expected = createHmac('sha1', authToken).update(text).digest();
  const received = Buffer.from(given, 'base64');
  return received.length === expected.length && timingSafeEqual(received, expected);
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(403).type('text/plain').send('The signature is not right.');
}

function twiml(reply: FastifyReply, inside: string): FastifyReply {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`;
  return reply.type('text/xml; charset=utf-8').send(body);
}
