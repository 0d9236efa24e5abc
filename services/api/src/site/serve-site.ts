import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../context.ts';

/** Where the web app is built to; the same from the sources and from what is compiled. */
const SITE = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../../web/dist/site');
const YEAR_MS = 365 * 24 * 3_600_000;

/** What a page of ours may load and do: its own files, and this server. */
export const SITE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

/** Addresses that are never a page of the app. */
const NOT_A_PAGE = /^\/(?:v\d+|feeds|assets|slack|healthz|readyz|metrics|openapi\.json)(?:\/|$)/;

const NOT_BUILT =
  '<!doctype html><title>Watchbill</title><p>The web app is not built here. Run <code>npm run build</code>; the API is at <a href="/openapi.json">/openapi.json</a>.';

/** The one page of the app, ready to be sent at every address that is a page. */
export async function readPage(): Promise<(reply: FastifyReply) => FastifyReply> {
  const page = await readFile(join(SITE, 'index.html'), 'utf8').catch(() => NOT_BUILT);
  return (reply) => reply.code(200).headers(SITE_HEADERS).type('text/html; charset=utf-8').send(page);
}

/** Serves the built web app: its page and its files. Where it is not built, a page that says so. */
export async function serveSite(app: Api, sendPage: (reply: FastifyReply) => FastifyReply): Promise<void> {
  app.get('/', { config: { unlimited: true }, schema: { hide: true } }, (_request, reply) => sendPage(reply));
  if (!existsSync(join(SITE, 'index.html'))) return;
  const icon = await readFile(join(SITE, 'icon.svg'));
  // Browsers ask for the second name of themselves, on pages that are plain text.
  for (const path of ['/icon.svg', '/favicon.ico'])
    app.get(path, { config: { unlimited: true }, schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'max-age=86400').type('image/svg+xml').send(icon),
    );
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, unlimited: true };
    });
    await files.register(fastifyStatic, {
      root: join(SITE, 'assets'),
      prefix: '/assets/',
      index: false,
      decorateReply: false,
      // Their names change with their content.
      immutable: true,
      // The build leaves them beside themselves, compressed.
      preCompressed: true,
      setHeaders: (response) => void response.setHeader('vary', 'accept-encoding'),
      maxAge: YEAR_MS,
      cacheControl: true,
      schemaHide: true,
    });
  });
}

/** Whether a request that no route takes is a person who opens a page of the app. */
export function asksForPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  const wants = request.headers.accept ?? '';
  return request.method === 'GET' && wants.includes('text/html') && !NOT_A_PAGE.test(path);
}
