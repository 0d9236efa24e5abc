import { type Command, CommanderError } from 'commander';
import { BadInput, InvalidFile } from './input/bad-input.ts';
import type { Io } from './io.ts';
import { EXIT_BAD_INPUT, EXIT_OK } from './io.ts';
import { buildProgram } from './program.ts';

/**
 * Runs one command line (`argv` without node and script) and answers with its exit code: 0 done, 1 findings,
 * 2 bad input. Everything outside comes through `io`; only a defect throws.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code = EXIT_OK;
  const program = buildProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownCommand') io.stderr(`Commands: ${namesOf(program)}.\n`);
      return error.exitCode === 0 ? EXIT_OK : EXIT_BAD_INPUT;
    }
    if (!(error instanceof BadInput)) throw error;
    io.stderr(error instanceof InvalidFile ? `${error.message}\n` : `error: ${error.message}\n`);
    return EXIT_BAD_INPUT;
  }
}

function namesOf(program: Command): string {
  return program.commands.map((command) => command.name()).join(', ');
}
