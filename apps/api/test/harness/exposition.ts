export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LABELS = String.raw`(?:\w+="(?:[^"\\]|\\.)*",?)*`;
const SAMPLE = new RegExp(String.raw`^(\w+)(?:\{(${LABELS})\})? (\S+)$`);

/** Fetches the metrics, as Prometheus does. Rejects when a line is not of its text format. */
export async function scrape(url: string | null): Promise<Sample[]> {
  if (url === null) throw new Error('There are no metrics');
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  return text
    .split('\n')
    .filter((line) => line !== '' && !/^# (?:HELP|TYPE) \w+ ./.test(line))
    .map(parseSample);
}

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === '') throw new Error(`Not a sample: ${line}`);
  const pairs = labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
  return {
    name,
    labels: Object.fromEntries([...pairs].map(([, label = '', text = '']) => [label, text])),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

/** Returns the value of the sample with these labels; undefined without one. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  return samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
  )?.value;
}
