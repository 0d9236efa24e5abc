// Writes docs/events.md from the catalogue of events and the limits in the code: node scripts/generate-events-doc.mjs
// (after npm run build). A test compares the file with what this would write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  MAX_ENDPOINTS,
  MAX_EXCERPT_BYTES,
  MAX_LIVE_SECRETS,
  OLD_SECRET_VALID_MS,
  RETRY_AFTER_CAP_MS,
} from '@watchbill/commands';
import {
  ATTEMPT_OUTCOMES,
  CATALOGUE,
  EVENT_EXAMPLES,
  EVENT_MEANINGS,
  EVENT_TYPES,
  MAX_BODY_BYTES,
  webhookBody,
} from '@watchbill/events';
import { SETTING_DEFAULTS } from '@watchbill/runtime';
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const PUBLISHED = { dueAt: '2026-11-30T09:00:00Z', publishedAt: '2026-11-30T09:00:00.041Z', late: false };

/** The whole of docs/events.md. */
export function eventsDocument() {
  return `${[
    '# Events and webhooks',
    'Written by `scripts/generate-events-doc.mjs` from the catalogue of events; change that, not this file.',
    introduction(),
    message(),
    verification(),
    answers(),
    guarantees(),
    endpoints(),
    stream(),
    catalogue(),
  ].join('\n\n')}\n`;
}

function introduction() {
  return `Watchbill tells the whole life of every shift: when it is planned, changed or cancelled, when it starts soon,
starts and ends, when people hand over, and when nobody is there. There are two ways to hear of it, with the same
events in the same order:

- **Webhooks** push each event to your URL, signed by [Standard Webhooks 1.0](https://www.standardwebhooks.com/).
- **The stream** \`GET /v1/events\` is read from any position, to catch up or to do without webhooks.`;
}

function message() {
  const body = webhookBody({
    type: 'shift.started',
    occurredAt: PUBLISHED.dueAt,
    data: { ...EVENT_EXAMPLES['shift.started'], ...PUBLISHED },
  });
  return `## What you receive

A \`POST\` with a JSON body of at most ${MAX_BODY_BYTES / 1024} KB:

${json(JSON.parse(body))}

\`timestamp\` is the instant at which it happened. Every \`data\` holds the facts of its type (below) and:

| field | meaning |
| --- | --- |
| \`dueAt\` | when it was due: the same instant as \`timestamp\` |
| \`publishedAt\` | when it was written; later than \`dueAt\` after downtime |
| \`late\` | true when it was written more than 60 seconds after it was due |

Instants are ISO-8601 in UTC with \`Z\`, with milliseconds only when they are not zero. New fields may be added to
\`data\`, and new types to the catalogue: ignore what you do not know.

| header | meaning |
| --- | --- |
| \`webhook-id\` | the id of the event (\`evt_…\`): the same at every attempt, at every replay and in the stream |
| \`webhook-timestamp\` | when this attempt was made, in seconds since 1970 |
| \`webhook-signature\` | one or more of \`v1,<base64>\`, separated by spaces |
| \`content-type\` | \`application/json\` |
| \`user-agent\` | \`Watchbill-Webhooks/1.0\` |

The body of an event is the same, byte for byte, however often it is sent.`;
}

function verification() {
  return `## Verify the signature

Use the library of Standard Webhooks for your language, with the secret (\`whsec_…\`) that you got when the endpoint was
made. By hand: the key is what follows \`whsec_\`, decoded from base64; the signed text is
\`<webhook-id>.<webhook-timestamp>.<body>\`; the signature is its HMAC-SHA256 in base64. Compare in constant time, accept
any of the signatures, and refuse timestamps more than five minutes from your clock.

\`\`\`js
import { createHmac, timingSafeEqual } from 'node:crypto';

export function verify(secret, headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(\`\${id}.\${timestamp}.\${body}\`).digest();
  return headers['webhook-signature'].split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
\`\`\`

Verify the bytes as they came, before they are parsed.`;
}

function answers() {
  const waits = SETTING_DEFAULTS.webhookRetrySeconds;
  const rows = waits.map(
    (seconds, at) => `| ${at + 1} | ${at === 0 ? 'at once' : `${wait(seconds)} later`} |`,
  );
  return `## Answer quickly

Any 2xx says that you have the event. Store it, answer, and work on it afterwards. Everything else is a failed
attempt: a 3xx too, since redirects are not followed. An attempt ends after ${SETTING_DEFAULTS.webhookTimeoutMs / 1000} seconds at the latest
(\`WATCHBILL_WEBHOOK_TIMEOUT_MS\`). Your status decides as soon as it is there; what follows it is read only in part.

A failed delivery is tried again by a schedule (\`WATCHBILL_WEBHOOK_RETRY_SECONDS\`, each wait counted from the end of the
attempt before, up to a tenth longer at random):

| attempt | when |
| --- | --- |
${rows.join('\n')}

- \`Retry-After\`, in seconds or as a date, makes a wait longer, up to ${RETRY_AFTER_CAP_MS / HOUR_MS} hours.
- \`410 Gone\` disables the endpoint at once. The delivery stays pending.
- After the last attempt the delivery has failed and the endpoint is disabled.

Each attempt is stored with its status, its duration, the first ${MAX_EXCERPT_BYTES} bytes of your answer and its outcome, one of
${ATTEMPT_OUTCOMES.map((outcome) => `\`${outcome}\``).join(', ')}.
See them under \`GET /v1/deliveries/{id}\`, and the deliveries under \`GET /v1/endpoints/{id}/deliveries\`.`;
}

function guarantees() {
  return `## What you can rely on

- **Nothing is lost.** An event is written in the same database transaction as the change that it tells. A crash, a
  restart or a lost Redis delays it, and no more.
- **At least once.** You may get an event twice: after a lost answer, for example. It has the same \`webhook-id\` and the
  same bytes, so keep the ids that you have seen.
- **In order for each schedule.** Events of one schedule reach one endpoint in the order in which they happened. The
  next one is not sent before the one in front of it has arrived or has failed for good. Schedules do not wait for
  one another, and neither do endpoints. At one instant an end comes before the handoff, and that before the start.
- **Late, not never.** What was due while nothing ran is told afterwards, in order; after a minute, with \`late: true\`.
- **An event over ${MAX_BODY_BYTES / 1024} KB is not sent** (\`too_large\`): its delivery fails, the next one goes out, and the stream has it.`;
}

function endpoints() {
  return `## Endpoints

\`POST /v1/endpoints\` takes the URL, the types and, if you want only some, the schedules, and answers with the secret,
once. \`eventTypes\` holds types (\`shift.started\`), families (\`shift.*\`) or \`*\`. An endpoint that names schedules hears only
of those; events that belong to no schedule go to endpoints that name none. There are at most ${MAX_ENDPOINTS} endpoints.

- The URL begins with \`https://\`, names no user and no password, and leads to a public address. Private, loopback,
  link-local and other reserved addresses are refused at every connection, also when a public name leads there, unless
  the operator allows the network (\`WATCHBILL_WEBHOOK_ALLOWED_NETWORKS\`). Networks on that list may be called over plain
  http.
- **Rotating the secret** gives a new one; for ${OLD_SECRET_VALID_MS / HOUR_MS} hours messages carry a signature of each, and at most
  ${MAX_LIVE_SECRETS} secrets sign at once. A leaked secret can be ended at once.
- **Disabling** keeps what is pending. Once the endpoint is enabled again, that goes out at once and in order, each delivery with
  the attempts it has left. Events that are published while an endpoint is disabled are not queued for it: read them
  from the stream. Whoever listens to \`delivery.endpoint_disabled\` on another endpoint is told.
- **Replaying** a delivery sends its event once more, behind what is pending for its schedule. That is tried at once, too,
  and does not wait for its next attempt.`;
}

function stream() {
  return `## The stream

\`GET /v1/events?after=0&limit=100&type=shift.*&schedule=payments\` gives the events after a position, oldest first. Keep
\`next\` in your store and send it as \`after\` the next time; \`more\` says whether there is more to read right now. Positions
are given one after another, so a reader that goes on from \`next\` misses nothing. Events are kept for
${SETTING_DEFAULTS.eventRetentionDays} days (\`WATCHBILL_EVENT_RETENTION_DAYS\`); the answer to a position before that is 410.

${json({
  data: [
    {
      position: 4711,
      id: 'evt_01kb9w2x5e7h3k8m1p4r6t9v0w',
      type: 'schedule.retired',
      schedule: 'payments',
      occurredAt: PUBLISHED.dueAt,
      publishedAt: PUBLISHED.publishedAt,
      data: { ...EVENT_EXAMPLES['schedule.retired'], ...PUBLISHED },
    },
  ],
  next: 4711,
  more: false,
})}`;
}

function catalogue() {
  const common = commonObjects();
  return [
    '## The catalogue',
    `| type | tells |\n| --- | --- |\n${EVENT_TYPES.map((type) => `| [\`${type}\`](#${anchor(type)}) | ${EVENT_MEANINGS[type]} |`).join('\n')}`,
    ...[...common.values()].map(
      ({ name, schema }) => `### ${article(name)} ${name}\n\n${fieldTable(schema, common)}`,
    ),
    ...EVENT_TYPES.map((type) => eventSection(type, common)),
  ].join('\n\n');
}

function eventSection(type, common) {
  const schema = z.toJSONSchema(CATALOGUE[type]);
  return `### ${type}

${EVENT_MEANINGS[type]}

${fieldTable(schema, common)}

${json(EVENT_EXAMPLES[type])}`;
}

/** Objects that several types hold, each described once, under the name of the field where it comes first. */
function commonObjects() {
  const seen = new Map();
  for (const type of EVENT_TYPES) {
    for (const [name, schema] of Object.entries(z.toJSONSchema(CATALOGUE[type]).properties)) {
      if (schema.type !== 'object') continue;
      const key = JSON.stringify(schema);
      const entry = seen.get(key) ?? { name, schema, types: new Set() };
      entry.types.add(type);
      seen.set(key, entry);
    }
  }
  return new Map([...seen].filter(([, { types }]) => types.size > 1));
}

function fieldTable(schema, common) {
  const rows = fieldRows(schema, common, '');
  return `| field | holds |\n| --- | --- |\n${rows.join('\n')}`;
}

function fieldRows(schema, common, prefix) {
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const shared = common.get(JSON.stringify(field));
    if (shared !== undefined) {
      const heading = `${article(shared.name)} ${shared.name}`;
      return [`| \`${prefix}${name}\` | ${heading.toLowerCase()} ([fields](#${anchor(heading)})) |`];
    }
    if (field.type === 'object') return fieldRows(field, common, `${prefix}${name}.`);
    return [`| \`${prefix}${name}\` | ${kindOf(field)} |`];
  });
}

function kindOf(field) {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(' or ');
  if (field.anyOf !== undefined) return field.anyOf.map(kindOf).join(' or ');
  if (field.type === 'array') return `list: ${kindOf(field.items)}`;
  const kind = [field.type]
    .flat()
    .map((word) => (word === 'integer' ? 'whole number' : word === 'string' ? 'text' : word));
  return field.description ?? kind.join(' or ');
}

function article(name) {
  return /^[aeiou]/.test(name) ? 'An' : 'A';
}

function anchor(heading) {
  return heading.toLowerCase().replaceAll('.', '').replaceAll(' ', '-');
}

function wait(seconds) {
  if (seconds < 60) return `${seconds} seconds`;
  if (seconds < 3600) return `${seconds / 60} minutes`;
  return `${seconds / 3600} hours`;
}

function json(value) {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'events.md'), eventsDocument());
}
