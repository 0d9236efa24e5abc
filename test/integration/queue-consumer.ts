import { appendFileSync } from 'node:fs';
import { openQueues } from '@watchbill/queue';

/**
 * A process that consumes the queue `deliveries` and never finishes a job: `queue-consumer.ts <options> <file>`.
 * Writes the key of each job that it starts into the file.
 */
const [, , options = '{}', file = ''] = process.argv;
const queues = openQueues({ ...JSON.parse(options), onError: () => undefined });
queues.consume(
  'deliveries',
  (job) => {
    appendFileSync(file, `${job.key}\n`);
    return new Promise(() => undefined);
  },
  { concurrency: 2 },
);
