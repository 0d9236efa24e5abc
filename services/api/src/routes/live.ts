import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { ApiError } from '../http/problem.ts';
import { SECURITY_HEADERS } from '../http/security-headers.ts';
import type { TailNote } from '../live/event-tail.ts';
import { refusals } from '../schemas/problem-schema.ts';

/** Proxies cut what says nothing for long. */
const BEAT_MS = 15_000;
/** A session may have ended meanwhile: whoever follows comes back and is looked at again. */
const LONGEST_MS = 10 * 60_000;
const MAX_WAITING_BYTES = 256 * 1024;

/** Server-sent events: that something happened, for pages that show it. */
export function addLiveRoutes(app: Api, { liveEvents }: ApiContext): void {
  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const raw of open) raw.destroy();
  });
  app.get(
    '/v1/live',
    guarded('events:read', {
      operationId: 'followEvents',
      summary: 'Follow what happens, as server-sent events',
      description:
        'Each message `happened` is a list of `{ position, type, schedule }`; `missed` says to read anew what you show. The connection ends by itself after ten minutes: connect again. For every event with its facts read `/v1/events`.',
      tags: ['events'],
      response: {
        200: { description: 'A stream.', content: { 'text/event-stream': { schema: z.string() } } },
        ...refusals(503),
      },
    }),
    (request, reply) => {
      callerOf(request);
      const { raw } = reply;
      const end = liveEvents.follow((notes) => write(raw, notes));
      if (end === null) {
        const headers = { 'retry-after': '30' };
        throw new ApiError(503, 'live/too-many', 'Too many pages follow already.', { headers });
      }
      reply.hijack();
      raw.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'text/event-stream; charset=utf-8',
        'x-accel-buffering': 'no',
        // Its end is the end of the connection: a server that is being stopped waits for no page.
        connection: 'close',
        'x-request-id': request.id,
      });
      raw.write('retry: 3000\n\n');
      open.add(raw);
      keepAlive(request, raw, () => {
        open.delete(raw);
        end();
      });
    },
  );
}

function write(raw: ServerResponse, notes: readonly TailNote[] | 'missed'): void {
  // Whoever does not read is let go; the browser connects again and asks anew.
  if (raw.writableLength > MAX_WAITING_BYTES) raw.destroy();
  else if (notes === 'missed') raw.write('event: missed\ndata: {}\n\n');
  else raw.write(`id: ${notes.at(-1)?.position}\nevent: happened\ndata: ${JSON.stringify(notes)}\n\n`);
}

function keepAlive(request: FastifyRequest, raw: ServerResponse, end: () => void): void {
  const beat = setInterval(() => raw.write(': beat\n\n'), BEAT_MS);
  const limit = setTimeout(() => raw.end(), LONGEST_MS);
  raw.once('close', () => {
    clearInterval(beat);
    clearTimeout(limit);
    end();
    request.log.debug({ requestId: request.id }, 'follower left');
  });
}
