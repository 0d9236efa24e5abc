import { type Database, type PageFigures, pageFigures, type Quantiles } from '@watchbill/database';
import type { Metrics } from '@watchbill/runtime';

export interface PageMetrics {
  /** A step fired so long after it was due. */
  fired(lateMs: number): void;
}

/** The figures of pages. What the database knows is read from it when somebody asks. */
export function createPageMetrics(metrics: Metrics, database: Database): PageMetrics {
  const lateness = metrics.histogram({
    name: 'watchbill_page_step_lateness_seconds',
    help: 'Real time from the instant a step of a page is due to its firing',
  });
  metrics.addSource(async () => pageLines(await pageFigures(database)));
  return { fired: (lateMs) => lateness.observe(lateMs / 1_000) };
}

const STATES = ['triggered', 'acknowledged'] as const;
const URGENCIES = ['high', 'low'] as const;

function pageLines({ open, oldestNotification, notify, acknowledge }: PageFigures): string {
  const countOf = (state: string, urgency: string) =>
    open.find((row) => row.state === state && row.urgency === urgency)?.count ?? 0;
  const lines = [
    ...gauge('watchbill_pages_open', 'Pages that are not resolved'),
    ...STATES.flatMap((state) =>
      URGENCIES.map(
        (urgency) => `watchbill_pages_open{state="${state}",urgency="${urgency}"} ${countOf(state, urgency)}`,
      ),
    ),
    ...gauge(
      'watchbill_notifications_oldest_due_seconds',
      'How long the oldest notification that is due waits to be sent',
    ),
    `watchbill_notifications_oldest_due_seconds ${oldestNotification}`,
    ...quantiles('watchbill_page_notify_seconds', notify, {
      help: 'From a page to its first notification that was handed over, of the pages of the last day',
    }),
    ...quantiles('watchbill_page_acknowledge_seconds', acknowledge, {
      help: 'From a page to its first acknowledgement, of the pages of the last day',
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function gauge(name: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`];
}

function quantiles(
  name: string,
  { count, p50, p90, p99 }: Quantiles,
  of: { readonly help: string },
): string[] {
  const values = [
    ['0.5', p50],
    ['0.9', p90],
    ['0.99', p99],
  ] as const;
  return [
    ...gauge(name, of.help),
    ...values.flatMap(([at, value]) => (value === null ? [] : [`${name}{quantile="${at}"} ${value}`])),
    ...gauge(`${name}_pages`, `Pages of the last day that this was measured of`),
    `${name}_pages ${count}`,
  ];
}
