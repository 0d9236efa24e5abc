// node infra/health-check.mjs URL: exits with 0 when the address answers 2xx within three seconds. The image has no curl.
const [, , url] = process.argv;
if (url === undefined) {
  console.error('usage: node infra/health-check.mjs http://127.0.0.1:4400/readyz');
  process.exit(2);
}
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) console.error(`${answer.status} ${await answer.text()}`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
