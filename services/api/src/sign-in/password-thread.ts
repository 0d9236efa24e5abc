import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { argon2id, argon2Verify } from 'hash-wasm';
import type { PasswordTask } from './password.ts';

/** What OWASP asks for: 19 MiB, two passes. A hash carries its own figures, so that these may grow. */
const COST = { parallelism: 1, iterations: 2, memorySize: 19_456, hashLength: 32 } as const;

const task = workerData as PasswordTask;
const answer =
  task.kind === 'hash'
    ? await argon2id({ ...COST, password: task.password, salt: randomBytes(16), outputType: 'encoded' })
    : await argon2Verify({ password: task.password, hash: task.hash });
parentPort?.postMessage(answer);
