import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger, withoutCredentials } from './logger.ts';

function record(): { readonly lines: Record<string, unknown>[]; readonly stream: Writable } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { lines, stream };
}

test('a line carries its service and level, and no secret', () => {
  const { lines, stream } = record();
  const logger = createLogger({ logLevel: 'info' }, 'worker', stream);
  logger.debug('not written');
  logger.info({ token: 'wb_123', endpoint: { id: 'end_1', secrets: ['whsec_1'] } }, 'endpoint created');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: 'info',
    service: 'worker',
    msg: 'endpoint created',
    token: '[redacted]',
    endpoint: { id: 'end_1', secrets: '[redacted]' },
  });
});

test('an error is told without what drivers hang onto it and without credentials', () => {
  const { lines, stream } = record();
  const error = Object.assign(new Error('cannot reach postgres://ann:hunter2@db:5432/x'), {
    code: 'ECONNREFUSED',
    connectionString: 'postgres://ann:hunter2@db:5432/x',
  });
  createLogger({ logLevel: 'info' }, 'api', stream).error({ err: error }, 'failed');
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines[0]).toMatchObject({
    err: { code: 'ECONNREFUSED', message: expect.stringContaining('db:5432') },
  });
});

test('a name with line breaks stays on its line', () => {
  const { lines, stream } = record();
  createLogger({ logLevel: 'info' }, 'api', stream).info({ name: 'Ann\n{"level":"fatal"}' }, 'person stored');
  expect(lines).toHaveLength(1);
});

test('credentials leave every address in a text', () => {
  expect(withoutCredentials('redis://:p@a:1 and postgres://u:p@b')).toBe(
    'redis://[redacted]@a:1 and postgres://[redacted]@b',
  );
});
