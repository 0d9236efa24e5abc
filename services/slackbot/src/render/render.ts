import type { Database, LeasedSlackMessage } from '@watchbill/database';
import type { Message } from '../blocks/elements.ts';

/** What a message says now, from the stored state; null when there is nothing to say any more. */
export type Render = (database: Database, message: LeasedSlackMessage) => Promise<Message | null>;
