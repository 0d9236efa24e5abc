import { spawnSync } from 'node:child_process';
import { type Browser, chromium as browserType } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** A browser that asks nobody anything and keeps nothing. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

/** Where this machine has a Chromium: `CHROME_PATH`, or on the path; null when it has none. */
function chromiumPath(): string | null {
  const given = process.env.CHROME_PATH;
  const found = [...(given === undefined ? [] : [given]), ...NAMES].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (found === undefined) return null;
  return found.includes('/') ? found : spawnSync('which', [found], { encoding: 'utf8' }).stdout.trim();
}

/** Whether this machine has a Chromium; prints a line when it has none, so that a skip is never silent. */
export function chromiumAvailable(): boolean {
  const found = chromiumPath() !== null;
  if (!found) console.log('chromium is not installed: the suites that need a real browser are skipped.');
  return found;
}

/** Starts a browser with an empty profile. */
export function startChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('chromium is not installed');
  return browserType.launch({ executablePath, headless: true, args: ARGUMENTS });
}
