/**
 * Webhooks out: messages of 1 KB and 20 KB, signed and sent by the worker's sender, beside signing alone (with the
 * library that we use, and with node:crypto) and beside a bare undici POST of the same bytes.
 *
 * npx tsx --conditions=source test/bench/webhooks.ts [--messages 400] [--rounds 5]
 *
 * CPU of this process for each message, the least of all rounds; the receiver is a process of its own. The order of
 * the contenders changes with every round.
 */
import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { MAX_BODY_BYTES } from '@watchbill/events';
import { openWebhookSender, signedHeaders } from '@watchbill/worker';
import { Webhook } from 'standardwebhooks';
import { Agent } from 'undici';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
    receiver: { type: 'boolean', default: false },
  },
});
const MESSAGES = Number(values.messages);
const ROUNDS = Number(values.rounds);
const IN_FLIGHT = 8;
const TIMEOUT_MS = 15_000;
const SIZES = [1_024, MAX_BODY_BYTES];
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Cost {
  readonly cpuMicros: number;
  readonly wallMicros: number;
}

const UNMEASURED: Cost = { cpuMicros: Number.POSITIVE_INFINITY, wallMicros: Number.POSITIVE_INFINITY };

type Contender = readonly [name: string, run: (body: string, id: string) => Promise<void>];

async function main(): Promise<void> {
  const receiver = fork(import.meta.filename, ['--receiver'], { execArgv: process.execArgv });
  const [url] = (await once(receiver, 'message')) as [string];
  const sender = openWebhookSender({ timeoutMs: TIMEOUT_MS, allowedNetworks: ['127.0.0.0/8'] });
  const agent = new Agent();
  try {
    checkFirst();
    const contenders = contendersAt(url, { sender, agent });
    const results = [];
    for (const bytes of SIZES) results.push({ bytes, costs: await measure(contenders, bodyOf(bytes)) });
    report(results);
  } finally {
    await sender.close();
    await agent.destroy();
    receiver.kill();
  }
}

function contendersAt(
  url: string,
  { sender, agent }: { readonly sender: ReturnType<typeof openWebhookSender>; readonly agent: Agent },
): readonly Contender[] {
  const { origin, pathname } = new URL(url);
  const { signal } = new AbortController();
  return [
    [
      'sign only (standardwebhooks)',
      async (body, id) => void signedHeaders({ id, body, secrets: [SECRET] }, new Date()),
    ],
    ['sign only (node:crypto)', async (body, id) => void signByCrypto(id, new Date(), body)],
    [
      'bare undici POST, unsigned',
      async (body) => {
        const answer = await agent.request({
          ...{ origin, path: pathname, method: 'POST', body },
          headers: { 'content-type': 'application/json' },
        });
        await answer.body.dump();
        if (answer.statusCode !== 204) throw new Error(`the receiver answered ${answer.statusCode}`);
      },
    ],
    [
      'signed and sent by the worker',
      async (body, id) => {
        const { outcome } = await sender.send({ url, id, body, secrets: [SECRET] }, signal);
        if (outcome !== 'delivered') throw new Error(`not delivered: ${outcome}`);
      },
    ],
  ];
}

function signByCrypto(id: string, at: Date, body: string): string {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const seconds = Math.floor(at.getTime() / 1000);
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** The answers come before the times: both ways to sign agree, and the library takes what we sign. */
function checkFirst(): void {
  const now = new Date();
  const body = bodyOf(1_024);
  const headers = signedHeaders({ id: 'evt_1', body, secrets: [SECRET] }, now);
  new Webhook(SECRET).verify(body, headers);
  if (headers['webhook-signature'] !== signByCrypto('evt_1', now, body))
    throw new Error('the signatures differ');
}

async function measure(contenders: readonly Contender[], body: string): Promise<Map<string, Cost>> {
  const best = new Map<string, Cost>(contenders.map(([name]) => [name, UNMEASURED]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turned = contenders.map((_, at) => contenders[(at + round) % contenders.length]);
    for (const contender of turned) {
      if (contender === undefined) continue;
      const cost = await runOnce(contender, body);
      // The first round warms up.
      if (round === 0) continue;
      const least = best.get(contender[0]) ?? UNMEASURED;
      best.set(contender[0], {
        cpuMicros: Math.min(cost.cpuMicros, least.cpuMicros),
        wallMicros: Math.min(cost.wallMicros, least.wallMicros),
      });
    }
  }
  return best;
}

async function runOnce([, run]: Contender, body: string): Promise<Cost> {
  let next = 0;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const line = async (): Promise<void> => {
    while (next < MESSAGES) {
      next += 1;
      await run(body, `evt_${next}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, line));
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMicros: (user + system) / MESSAGES,
    wallMicros: ((performance.now() - startedAt) * 1_000) / MESSAGES,
  };
}

function bodyOf(bytes: number): string {
  const around = JSON.stringify({
    type: 'shift.started',
    timestamp: '2026-11-30T09:00:00Z',
    data: { text: '' },
  });
  return around.replace('""', `"${'x'.repeat(bytes - around.length)}"`);
}

function report(
  results: readonly { readonly bytes: number; readonly costs: ReadonlyMap<string, Cost> }[],
): void {
  const json = [];
  for (const { bytes, costs } of results) {
    const signing = costs.get('sign only (standardwebhooks)')?.cpuMicros ?? Number.NaN;
    const posting = costs.get('bare undici POST, unsigned')?.cpuMicros ?? Number.NaN;
    console.log(`\n${bytes} bytes, ${MESSAGES} messages, ${IN_FLIGHT} in flight, least of ${ROUNDS} rounds`);
    console.log('| contender | CPU µs a message | wall µs | CPU to signing | CPU to a bare POST |');
    console.log('| --- | ---: | ---: | ---: | ---: |');
    for (const [name, { cpuMicros, wallMicros }] of costs) {
      const cells = [
        cpuMicros.toFixed(1),
        wallMicros.toFixed(1),
        ...[signing, posting].map((to) => (cpuMicros / to).toFixed(2)),
      ];
      console.log(`| ${name} | ${cells.join(' | ')} |`);
    }
    json.push({ bytes, costs: Object.fromEntries(costs) });
  }
  console.log(
    `\n${JSON.stringify({ bench: 'webhooks', messages: MESSAGES, rounds: ROUNDS, results: json })}`,
  );
}

function receive(): void {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`);
  });
  process.once('disconnect', () => process.exit(0));
}

if (values.receiver) receive();
else await main();
