export { BadInput, InvalidFile } from './input/bad-input.ts';
export { EXIT_BAD_INPUT, EXIT_FINDINGS, EXIT_OK, type Io } from './io.ts';
export { run } from './run.ts';
