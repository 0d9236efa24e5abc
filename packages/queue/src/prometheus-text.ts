/**
 * Joins Prometheus texts that describe the same metrics: each HELP and TYPE line once, samples under them. Metrics
 * named in `without` are left out.
 */
export function joinPrometheusTexts(texts: readonly string[], without: readonly string[] = []): string {
  const metrics = new Map<string, { readonly comments: Map<string, string>; readonly samples: string[] }>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, word, commented] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
    const name = commented ?? /^([A-Za-z_:][\w:]*)/.exec(line)?.[1];
    if (name === undefined || without.includes(name)) continue;
    const metric = metrics.get(name) ?? { comments: new Map<string, string>(), samples: [] };
    metrics.set(name, metric);
    if (word === undefined) metric.samples.push(line);
    else if (!metric.comments.has(word)) metric.comments.set(word, line);
  }
  return [...metrics.values()]
    .flatMap(({ comments, samples }) => [...comments.values(), ...samples])
    .join('\n');
}
