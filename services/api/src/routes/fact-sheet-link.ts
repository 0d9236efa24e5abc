import { hashSecret, looksLikeFactSheetSecret } from '@watchbill/commands';
import { factSheetMarkdown, withFirstNames } from '@watchbill/core';
import { findLiveFactSheetLink, markFactSheetLinkOpened } from '@watchbill/database';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { factSheetPage, noticePage } from '../fact-sheet/fact-sheet-page.ts';
import { type NamedFactSheet, readFactSheet } from '../fact-sheet/read-fact-sheet.ts';
import { createRateLimiter } from '../http/rate-limit.ts';

const LOOKS_PER_MINUTE = 60;
const MARKDOWN = '.md';
/** No script, nothing from elsewhere, and no way on. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'private, no-store',
} as const;

const GONE = 'This link leads nowhere any more. Ask whoever gave it to you for another one.';
const params = z.strictObject({ file: z.string().max(100) });

/** The fact sheet for whoever has its link: one page, and its Markdown. The secret in the address is the only key. */
export function addFactSheetPageRoutes(app: Api, context: ApiContext): void {
  const limiter = createRateLimiter(LOOKS_PER_MINUTE);
  app.get('/f/:file', { ...open({}), schema: { hide: true, params } }, async (request, reply) => {
    const { file } = request.params as z.output<typeof params>;
    const markdown = file.endsWith(MARKDOWN);
    const { exceeded, resetSeconds } = limiter.count(request.ip);
    if (exceeded) {
      void reply.header('retry-after', String(resetSeconds));
      return send(reply.code(429), markdown, notice('Too many tries. Wait a minute.'));
    }
    const sheet = await sheetOfLink(context, markdown ? file.slice(0, -MARKDOWN.length) : file);
    if (sheet === null) return send(reply.code(404), markdown, notice(GONE));
    return send(reply.code(200), markdown, {
      html: factSheetPage(sheet, `${file}${MARKDOWN}`),
      text: factSheetMarkdown(sheet, sheet),
    });
  });
}

/** What a secret leads to, as far as its link may show it. */
async function sheetOfLink(context: ApiContext, secret: string): Promise<NamedFactSheet | null> {
  const { database } = context;
  // A secret of the wrong form is looked up all the same, so that every miss takes the same way.
  const row = await findLiveFactSheetLink(database, hashSecret(secret));
  if (row === null || !looksLikeFactSheetSecret(secret)) return null;
  const whole = await readFactSheet(context, row.schedule);
  if (whole === null) return null;
  await markFactSheetLinkOpened(database, row.id);
  return row.fullNames ? whole : { ...whole, ...withFirstNames(whole) };
}

interface Content {
  readonly html: string;
  readonly text: string;
}

function notice(text: string): Content {
  return { html: noticePage(text), text: `${text}\n` };
}

function send(reply: FastifyReply, markdown: boolean, { html, text }: Content): FastifyReply {
  return reply
    .headers(HEADERS)
    .type(markdown ? 'text/markdown; charset=utf-8' : 'text/html; charset=utf-8')
    .send(markdown ? text : html);
}
