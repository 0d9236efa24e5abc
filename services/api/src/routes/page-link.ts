import { actByLink, pageOfLink } from '@watchbill/commands';
import { isoInstant, type PageDetail } from '@watchbill/database';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { createRateLimiter } from '../http/rate-limit.ts';

const params = z.strictObject({ link: z.string().max(100) });
const LOOKS_PER_MINUTE = 120;
/** No script, nothing from elsewhere; the form goes back to where it came from. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const STYLE =
  'body{font:17px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}button{font:inherit;padding:.7rem 1.4rem;margin:0 .6rem .6rem 0}dt{opacity:.75}dd{margin:0 0 .6rem}';

/** The small page behind the link of a notification: it works on any telephone, without signing in. */
export function addPageLinkRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  const limiter = createRateLimiter(LOOKS_PER_MINUTE);
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4_096 },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.get('/a/:link', { ...open({}), schema: { hide: true, params } }, async (request, reply) => {
      if (limiter.count(request.ip).exceeded)
        return send(reply, 429, notice('Too many tries. Wait a minute.'));
      const { link } = request.params as z.output<typeof params>;
      const page = await pageOfLink(database, link);
      return page === null ? send(reply, 404, notice(GONE)) : send(reply, 200, pageText(page));
    });
    scope.post('/a/:link', { ...open({}), schema: { hide: true, params } }, async (request, reply) => {
      if (limiter.count(request.ip).exceeded)
        return send(reply, 429, notice('Too many tries. Wait a minute.'));
      const { link } = request.params as z.output<typeof params>;
      const wanted = (request.body as URLSearchParams | null)?.get('act');
      const act = wanted === 'resolve' ? 'resolve' : 'acknowledge';
      const result = await actByLink(
        { database, actor: 'link', origin: `${request.ip} ${request.id}` },
        { link, act },
      );
      if (!result.ok) return send(reply, 404, notice(result.error.message));
      const page = await pageOfLink(database, link);
      return page === null ? send(reply, 404, notice(GONE)) : send(reply, 200, pageText(page));
    });
  });
}

const GONE = 'This link leads nowhere any more. Answer the page in Slack or in the web app.';

function send(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    .type('text/html; charset=utf-8')
    .send(html);
}

function pageText(page: PageDetail): string {
  const { state } = page.place;
  const answered = page.acknowledged?.person ?? page.acknowledged?.actor ?? null;
  const words = {
    triggered: 'Nobody has answered yet.',
    acknowledged: `Acknowledged${answered === null ? '' : ` by ${answered}`}.`,
    resolved: 'Resolved. There is nothing to do.',
  }[state];
  const button = (act: string, label: string) => `<button name="act" value="${act}">${label}</button>`;
  const buttons = [
    ...(state === 'triggered' ? [button('acknowledge', 'Acknowledge')] : []),
    ...(state === 'resolved' ? [] : [button('resolve', 'Resolve')]),
  ];
  const facts = [
    ['State', words],
    ['Severity', page.severity],
    ['Since', isoInstant(page.createdAt)],
    ['Source', page.source ?? ''],
    ['Schedule', page.schedule ?? ''],
  ].filter(([, value]) => value !== '');
  return document(
    `#${page.number} ${page.summary}`,
    `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeMarkup(value ?? '')}</dd>`).join('')}</dl><form method="post">${buttons.join('')}</form>`,
  );
}

function notice(text: string): string {
  return document('Watchbill', `<p>${escapeMarkup(text)}</p>`);
}

function document(title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeMarkup(title)}</title><style>${STYLE}</style>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${escapeMarkup(title)}</h1>${body}</main></body></html>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
}
