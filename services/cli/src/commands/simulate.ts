import { formatInstant } from '@watchbill/core';
import type { Command } from 'commander';
import { showInstant } from '../format/clock.ts';
import { simulationText } from '../format/simulation-text.ts';
import { BadInput } from '../input/bad-input.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWindow } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';
import { type Outcome, outcomeOf } from '../plan/simulate.ts';
import { readHandoffs, readHours, readNewcomer, type WhatIf, whatIf } from '../plan/what-if.ts';

interface SimulateOptions {
  readonly schedule?: string;
  readonly from?: string;
  readonly to?: string;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  readonly rotation: readonly string[];
  readonly handoffs?: string;
  readonly hours?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

/** Half a year. */
const DEFAULT_DAYS = 182;

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** `watchbill simulate`: what-ifs on a copy, side by side with what is. */
export function addSimulate(program: Command, { io, done }: Host): void {
  const command = program
    .command('simulate')
    .description('try a change on a copy of the file: who would have how much, beside how it is now')
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'only this schedule (default: all)')
    .option('--from <when>', `start, included: ${WHEN_HELP} (default: today)`)
    .option('--to <when>', `end, not included (default: ${DEFAULT_DAYS} days later)`)
    .option('--drop <person>', 'without this person; may be repeated', collect, [])
    .option(
      '--add <id:zone>',
      'with somebody new in every roster, such as zoe:Europe/Berlin; may be repeated',
      collect,
      [],
    )
    .option(
      '--handoffs <times>',
      'other handoffs, such as 07:00,19:00; one time where turns go in order or by a cadence',
    )
    .option(
      '--hours <hours>',
      'other hours: all, core, non-core, or "mon-fri 09:00-17:00; sat,sun 10:00-16:00"',
    )
    .option('--rotation <id>', 'which rotations get the handoffs or hours; may be repeated', collect, []);
  withTimeZone(withFormats(command, ['text', 'json'])).action(
    async (file: string, options: SimulateOptions) => done(await simulate(file, options, io)),
  );
}

async function simulate(path: string, options: SimulateOptions, io: Io): Promise<number> {
  const { config, file, nameOf } = await loadConfig(path, [options.from, options.to], io);
  const where = file;
  const only =
    options.schedule === undefined
      ? null
      : pickById(config.schedules, options.schedule, { what: 'schedule', where }).id;
  const change = changeOf(options, only);
  const changed = whatIf(config, change, { file });
  const zone =
    options.timeZone ??
    (config.schedules.find(({ id }) => id === only) ?? config.schedules[0])?.timeZone ??
    'UTC';
  const { from, to } = options;
  const window = readWindow({ from, to, now: io.now(), days: DEFAULT_DAYS }, zone);
  const wish = { window, only, file, seed: null };
  const today = outcomeOf(config, wish, io);
  const then = outcomeOf(changed, wish, io);
  if (options.format === 'json') {
    const span = { from: formatInstant(window.start), to: formatInstant(window.end) };
    io.stdout(
      `${JSON.stringify({ ...span, today: outcomeJson(today), changed: outcomeJson(then) }, null, 2)}\n`,
    );
  } else {
    const span = `${showInstant(window.start, zone)} to ${showInstant(window.end, zone)}, times in ${zone}`;
    const title = `${only ?? config.schedules.map(({ id }) => id).join(', ')}  ${span}`;
    io.stdout(simulationText(today, then, { title, nameOf, colour: io.colour }));
  }
  return EXIT_OK;
}

function changeOf(options: SimulateOptions, only: string | null): WhatIf {
  const { drop, add, rotation, handoffs, hours } = options;
  if (drop.length === 0 && add.length === 0 && handoffs === undefined && hours === undefined) {
    throw new BadInput('Say what to try: --drop, --add, --handoffs or --hours.');
  }
  return {
    only,
    rotations: rotation,
    drop,
    add: add.map(readNewcomer),
    handoffs: handoffs === undefined ? null : readHandoffs(handoffs),
    hours: hours === undefined ? null : readHours(hours),
  };
}

function outcomeJson({ rows, ...all }: Outcome): object {
  const people = rows.map(
    ({ person, share, hours, byClass, nights, weekends, holidays, burden, deviation }) => ({
      ...{ person, share, hours, byClass, nights, weekends, holidays, burden, deviation },
    }),
  );
  return { ...all, people };
}
