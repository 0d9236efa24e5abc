import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

/** Buckets for durations and lateness, in seconds: from a millisecond to an hour. */
export const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
] as const;

export interface MetricText {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/**
 * The figures of one process. Asking twice for the same name gives the same metric, so that several services can
 * live in one process.
 */
export interface Metrics {
  readonly registry: Registry;
  counter(text: MetricText): Counter;
  gauge(text: MetricText): Gauge;
  histogram(text: MetricText & { readonly buckets?: readonly number[] }): Histogram;
  /** Adds figures that come as Prometheus text from elsewhere; a source that fails is left out of the answer. */
  addSource(source: () => Promise<string>): void;
  /** All figures as Prometheus text. */
  text(): Promise<string>;
}

/** @param options `processFigures: false` leaves out memory, CPU and event loop (for tests). */
export function createMetrics(options: { readonly processFigures?: boolean } = {}): Metrics {
  const registry = new Registry();
  const sources: (() => Promise<string>)[] = [];
  if (options.processFigures !== false) collectDefaultMetrics({ register: registry });
  const settings = ({ name, help, labels = [] }: MetricText) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    registry,
    counter: (text) => (registry.getSingleMetric(text.name) as Counter) ?? new Counter(settings(text)),
    gauge: (text) => (registry.getSingleMetric(text.name) as Gauge) ?? new Gauge(settings(text)),
    histogram: (text) =>
      (registry.getSingleMetric(text.name) as Histogram) ??
      new Histogram({ ...settings(text), buckets: [...(text.buckets ?? DURATION_BUCKETS_SECONDS)] }),
    addSource: (source) => void sources.push(source),
    text: async () => {
      const parts = await Promise.all([
        registry.metrics(),
        ...sources.map((source) => source().catch(() => '')),
      ]);
      return `${parts.map((part) => part.trim()).join('\n')}\n`;
    },
  };
}
