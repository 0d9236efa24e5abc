import { jsonSchema } from '@watchbill/config';
import type { Command } from 'commander';
import { EXIT_OK } from '../io.ts';
import type { Host } from '../options.ts';

/** `watchbill schema`: the JSON Schema of watchbill.yaml, for editors. */
export function addSchema(program: Command, { io, done }: Host): void {
  program
    .command('schema')
    .description('print the JSON Schema of watchbill.yaml, for editors')
    .action(() => {
      io.stdout(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
      done(EXIT_OK);
    });
}
