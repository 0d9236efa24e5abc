import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appManifest } from './app-manifest.ts';

const FOLDER = join(import.meta.dirname, '../../../infra/slack');

describe.each(['socket', 'http'] as const)('infra/slack/manifest.%s.json', (mode) => {
  const manifest = appManifest(mode);

  it('says exactly what the bot needs', () => {
    const text = readFileSync(join(FOLDER, `manifest.${mode}.json`), 'utf8');
    expect(JSON.parse(text)).toEqual(manifest);
  });

  it('holds to the limits of Slack', () => {
    const { display_information: shown, features } = manifest;
    expect(shown.name.length).toBeLessThanOrEqual(35);
    expect(shown.description?.length).toBeLessThanOrEqual(140);
    expect(shown.long_description?.length).toBeGreaterThanOrEqual(174);
    expect(shown.long_description?.length).toBeLessThanOrEqual(4_000);
    for (const shortcut of features?.shortcuts ?? []) {
      expect(shortcut.name.length).toBeLessThanOrEqual(24);
      expect(shortcut.description.length).toBeLessThanOrEqual(150);
    }
    for (const command of features?.slash_commands ?? []) {
      expect(command.should_escape).toBe(true);
      expect(command.description.length).toBeLessThanOrEqual(2_000);
    }
  });
});

it('names an address only where Slack sends requests to one', () => {
  expect(JSON.stringify(appManifest('socket'))).not.toContain('https://');
  expect(JSON.stringify(appManifest('http')).match(/watchbill\.example\.com/g)).toHaveLength(4);
});
