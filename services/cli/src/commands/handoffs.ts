import type { FairStrategy, Instant, Rotation, Schedule } from '@watchbill/core';
import {
  DAY_MS,
  DEFAULT_HANDOFFS,
  formatInstant,
  handoffs,
  handoffsJson,
  MAX_HANDOFFS,
  turnsIn,
  unitId,
} from '@watchbill/core';
import type { Command } from 'commander';
import { showInstant } from '../format/clock.ts';
import { coloursFor } from '../format/colours.ts';
import { csv } from '../format/csv.ts';
import { table } from '../format/table.ts';
import { BadInput } from '../input/bad-input.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { checkLength, readWhen } from '../input/read-when.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, wholeNumber, withFormats, withTimeZone } from '../options.ts';
import { withPlanFile } from '../plan/load-plan.ts';

interface HandoffsOptions {
  readonly schedule?: string;
  readonly rotation?: string;
  readonly after?: string;
  readonly until?: string;
  readonly count?: number;
  readonly plan?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

/** `watchbill handoffs`: the boundaries of a rotation. */
export function addHandoffs(program: Command, { io, done }: Host): void {
  const command = program
    .command('handoffs')
    .description("print a rotation's handoffs: when its turns change")
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'which schedule (default: the only one)')
    .option('--rotation <id>', 'which rotation (default: the only one)')
    .option('--after <when>', `${WHEN_HELP} (default: now)`)
    .option('--count <number>', `how many (default: ${DEFAULT_HANDOFFS})`, wholeNumber(1, MAX_HANDOFFS))
    .option('--until <when>', 'all before this instead, or at most --count of them')
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json', 'csv'])).action(
    async (file: string, options: HandoffsOptions) => done(await listHandoffs(file, options, io)),
  );
}

async function listHandoffs(path: string, options: HandoffsOptions, io: Io): Promise<number> {
  const bare = await loadConfig(path, [options.after, options.until], io);
  const loaded = options.plan === undefined ? bare : await withPlanFile(bare, options.plan, io);
  const { config, file, nameOf } = loaded;
  const schedule = pickById(config.schedules, options.schedule, { what: 'schedule', where: file });
  const where = `${file}, schedule ${schedule.id}`;
  const rotation = pickById(schedule.rotations, options.rotation, { what: 'rotation', where });
  const query = readQuery(options, rotation, io);
  const instants = resolveWithin(() => handoffs(rotation, query));
  switch (options.format) {
    case 'json':
      io.stdout(`${JSON.stringify(handoffsJson(schedule.id, rotation.id, instants), null, 2)}\n`);
      break;
    case 'csv':
      io.stdout(
        csv(
          ['handoff'],
          instants.map((at) => [formatInstant(at)]),
        ),
      );
      break;
    default: {
      const zone = options.timeZone ?? schedule.timeZone;
      const { bold, dim } = coloursFor(io.colour);
      const title = `${bold(`${schedule.id}, ${rotation.id}`)}  handoffs, ${dim(`times in ${zone}`)}`;
      const lines = rows(instants, { schedule, rotation, zone, nameOf });
      io.stdout(`${[title, ...(lines.length === 0 ? ['  none'] : lines)].join('\n')}\n`);
    }
  }
  return EXIT_OK;
}

/** Local times of a rotation are in its own zone, which is the schedule's unless it names another. */
function readQuery({ after, until, count }: HandoffsOptions, rotation: Rotation, io: Io) {
  const start = after === undefined ? io.now() : readWhen(after, rotation.timeZone, '--after');
  if (until === undefined) return { after: start, count };
  const end = readWhen(until, rotation.timeZone, '--until');
  if (end <= start) {
    throw new BadInput(
      `--until must be after --after, but ${until} is not after ${after ?? 'now (the default)'}.`,
    );
  }
  checkLength(start, end);
  return { after: start, until: end, count };
}

interface HandoffReading {
  readonly schedule: Schedule;
  readonly rotation: Rotation;
  readonly zone: string;
  readonly nameOf: (person: string) => string;
}

function rows(instants: readonly Instant[], { schedule, rotation, zone, nameOf }: HandoffReading): string[] {
  const first = instants[0];
  const last = instants.at(-1);
  if (first === undefined || last === undefined) return [];
  const cells = (incoming: (at: Instant) => string): string[] =>
    table(instants.map((at) => [showInstant(at, zone), incoming(at)])).map((line) => `  ${line}`);
  const { strategy } = rotation;
  if (strategy.kind === 'fair') return cells((at) => plannedAt({ schedule, rotation, strategy, nameOf }, at));
  const turns = turnsIn(rotation, schedule.coreHours, { start: first, end: last + DAY_MS });
  const incoming = new Map(turns.map((turn) => [turn.start, turn.people.map(nameOf).join(', ')]));
  return cells((at) => incoming.get(at) || 'nobody');
}

/** Who a plan puts on the seats of the turn that begins at a handoff. */
function plannedAt(
  {
    schedule,
    rotation,
    strategy,
    nameOf,
  }: Omit<HandoffReading, 'zone'> & { readonly strategy: FairStrategy },
  at: Instant,
): string {
  if (strategy.turns.length === 0) return 'not planned';
  const place = { schedule: schedule.id, rotation: rotation.id, turnStart: at };
  const units = new Set(Array.from({ length: strategy.seats }, (_, seat) => unitId({ ...place, seat })));
  const turns = strategy.turns.filter(({ unit }) => units.has(unit));
  if (turns.length === 0) return 'not in the plan';
  const people = turns.flatMap(({ person }) => (person === null ? [] : [nameOf(person)]));
  return people.length === 0 ? 'nobody' : people.join(', ');
}
