import { Command } from 'commander';
import { addApply } from './commands/apply.ts';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addDiff } from './commands/diff.ts';
import { addExplain } from './commands/explain.ts';
import { addFairness } from './commands/fairness.ts';
import { addHandoffs } from './commands/handoffs.ts';
import { addImport } from './commands/import-ics.ts';
import { addIntake } from './commands/intake.ts';
import { addPage, addPageActs } from './commands/page.ts';
import { addPages } from './commands/pages.ts';
import { addPlan } from './commands/plan.ts';
import { addPolicy } from './commands/policy.ts';
import { addProvider } from './commands/provider.ts';
import { addSchema } from './commands/schema.ts';
import { addSimulate } from './commands/simulate.ts';
import { addSlack } from './commands/slack.ts';
import { addTimeline } from './commands/timeline.ts';
import { addWho } from './commands/who.ts';
import type { Io } from './io.ts';
import type { Host } from './options.ts';

const EXAMPLES = `
Examples:
  $ watchbill check watchbill.yaml
  $ watchbill who watchbill.yaml
  $ watchbill timeline watchbill.yaml --from 2026-11-30 --to 2026-12-14
  $ watchbill diff before.yaml after.yaml --from 2026-11-30 --to 2027-01-01
  $ watchbill import ics team.ics --out watchbill.yaml

Exit codes: 0 done, 1 findings, 2 bad input.`;

/** The whole command line. `done` is told the exit code of the command that ran. */
export function buildProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('watchbill')
    .description('On-call schedules as a file: check it, ask it, compare it, apply it.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, outputError: (text, write) => write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('Use --help to see what there is.')
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  const host: Host = { io, done };
  for (const add of COMMANDS) add(program, host);
  return program;
}

/** The version of this command line, the same as in its package.json. */
export const VERSION = '0.1.0';

const COMMANDS: readonly ((program: Command, host: Host) => void)[] = [
  addCheck,
  addTimeline,
  addWho,
  addHandoffs,
  addDiff,
  addPlan,
  addExplain,
  addFairness,
  addSimulate,
  addSchema,
  addImport,
  addApply,
  addPage,
  addPageActs,
  addPages,
  addIntake,
  addPolicy,
  addProvider,
  addSlack,
  addAudit,
];
