import { randomBytes } from 'node:crypto';

/** Makes ids of requests: a random part for this process, and a count. Unique, and cheaper than a random id each. */
export function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}
