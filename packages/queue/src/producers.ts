import type { BullQueue } from './backend.ts';

const REOPEN_AFTER_MS = 1_000;

/** A queue that is replaced by a new one for as long as its first connection fails: BullMQ remembers that for ever. */
export interface Producer {
  current(): BullQueue;
  close(): Promise<void>;
}

export function keepProducer(open: () => BullQueue, onError: (error: Error) => void): Producer {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let queue = openWatched();

  function openWatched(): BullQueue {
    const opened = open();
    opened.on('error', onError);
    opened.waitUntilReady().catch((error: Error) => {
      if (closed) return;
      onError(error);
      void opened.close().catch(() => undefined);
      timer = setTimeout(() => {
        queue = openWatched();
      }, REOPEN_AFTER_MS);
    });
    return opened;
  }

  return {
    current: () => queue,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await queue.close();
    },
  };
}
