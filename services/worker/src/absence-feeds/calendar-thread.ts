import { parentPort, workerData } from 'node:worker_threads';
import { type CalendarTask, readAbsenceCalendar } from './read-absence-calendar.ts';

// One calendar, and the thread ends.
parentPort?.postMessage(readAbsenceCalendar(workerData as CalendarTask));
