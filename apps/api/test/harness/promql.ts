import { parser } from '@prometheus-io/lezer-promql';

/** The metrics and labels that a query names. */
export interface QueryNames {
  metrics: string[];
  /** The labels in selectors and groupings. */
  labels: string[];
  /** The values of each label that selectors name, with the alternatives of a regular expression. */
  values: { label: string; value: string }[];
}

/**
 * Reads a query with the grammar of Prometheus.
 *
 * @throws {SyntaxError} when it is not valid
 */
export function namesOf(query: string): QueryNames {
  const names: QueryNames = { metrics: [], labels: [], values: [] };
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`${query} is not valid at ${node.from}`);
      const text = query.slice(node.from, node.to);
      if (node.name === 'Identifier') names.metrics.push(text);
      if (node.name === 'LabelName') names.labels.push(text);
      if (node.name === 'StringLiteral') {
        const label = names.labels.at(-1) ?? '';
        const values = (JSON.parse(text) as string).split('|');
        names.values.push(...values.map((value) => ({ label, value })));
      }
    },
  });
  return names;
}
