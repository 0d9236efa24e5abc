import type { Command } from 'commander';
import type { Host } from '../options.ts';
/** later */
export function addApply(_program: Command, _host: Host): void {}
