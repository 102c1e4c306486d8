/**
 * Counters, gauges and histograms with Prometheus' text exposition. Own, because every process registers metrics at
 * start and a library would cost more than all of this to load.
 */

export interface MetricDefinition<L extends string = string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[];
}

export type Labels<L extends string> = Readonly<Record<L, string>>;

export interface Counter {
  readonly add: (by?: number) => void;
}

export interface Gauge {
  readonly set: (value: number) => void;
}

export interface Histogram {
  readonly observe: (value: number) => void;
}

/** Ask for a series once and keep it: adding to it is then an addition. */
export interface Metrics {
  readonly counter: <L extends string>(definition: MetricDefinition<L>, labels: Labels<L>) => Counter;
  readonly gauge: <L extends string>(definition: MetricDefinition<L>, labels: Labels<L>) => Gauge;
  /** A gauge whose value is read when somebody looks. */
  readonly watchedGauge: <L extends string>(
    definition: MetricDefinition<L>,
    labels: Labels<L>,
    read: () => number,
  ) => void;
  readonly histogram: <L extends string>(definition: MetricDefinition<L>, labels: Labels<L>) => Histogram;
  /** Forgets every series that carries this label value, as of a cluster that left. */
  readonly forget: (label: string, value: string) => void;
  /** text/plain; version=0.0.4 */
  readonly text: () => string;
}

/**
 * Series of one metric; 2,000 histograms of 14 buckets are about 0.5 MB. Beyond it observations are shared by one
 * series whose labels all say "other", so that sums stay right.
 */
const mostSeries = 2_000;

interface Series {
  readonly values: readonly string[];
  readonly labels: string;
  value: number;
  read?: () => number;
  readonly counts?: Float64Array;
  total: number;
}

interface Family {
  readonly definition: MetricDefinition;
  readonly series: Map<string, Series>;
}

const escapeLabel = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
const escapeHelp = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');

const newSeries = (definition: MetricDefinition, values: readonly string[]): Series => ({
  values,
  labels: definition.labels.map((label, i) => `${label}="${escapeLabel(values[i]!)}"`).join(','),
  value: 0,
  total: 0,
  ...(definition.buckets ? { counts: new Float64Array(definition.buckets.length) } : {}),
});

export function createMetrics(): Metrics {
  const families = new Map<string, Family>();

  const seriesOf = <L extends string>(definition: MetricDefinition<L>, labels: Labels<L>): Series => {
    let family = families.get(definition.name);
    if (!family) {
      family = { definition, series: new Map() };
      families.set(definition.name, family);
    }
    let values = definition.labels.map((label) => labels[label]);
    let id = values.join('\0');
    if (!family.series.has(id) && family.series.size >= mostSeries) {
      values = values.map(() => 'other');
      id = values.join('\0');
    }
    let series = family.series.get(id);
    if (!series) {
      series = newSeries(definition, values);
      family.series.set(id, series);
    }
    return series;
  };

  return {
    counter: (definition, labels) => {
      const series = seriesOf(definition, labels);
      return {
        add: (by = 1) => {
          series.value += by;
        },
      };
    },
    gauge: (definition, labels) => {
      const series = seriesOf(definition, labels);
      return {
        set: (value) => {
          series.value = value;
        },
      };
    },
    watchedGauge: (definition, labels, read) => {
      seriesOf(definition, labels).read = read;
    },
    histogram: (definition, labels) => histogramOf(definition, seriesOf(definition, labels)),
    forget: (label, value) => {
      for (const { definition, series } of families.values()) {
        const at = definition.labels.indexOf(label);
        if (at < 0) continue;
        for (const [id, { values }] of series) if (values[at] === value) series.delete(id);
      }
    },
    text: () => [...families.values()].map(familyText).join(''),
  };
}

function histogramOf(definition: MetricDefinition, series: Series): Histogram {
  const { buckets = [] } = definition;
  return {
    observe: (value) => {
      series.value += value;
      series.total++;
      const bucket = buckets.findIndex((bound) => value <= bound);
      if (bucket >= 0) series.counts![bucket]!++;
    },
  };
}

function familyText({ definition, series }: Family): string {
  const { name, help, type } = definition;
  if (series.size === 0) return '';
  const lines = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`];
  for (const each of series.values()) {
    if (type === 'histogram') lines.push(...histogramLines(definition, each));
    else lines.push(`${name}${braced(each.labels)} ${number(each.read ? each.read() : each.value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function histogramLines({ name, buckets = [] }: MetricDefinition, { labels, counts, value, total }: Series): string[] {
  const separator = labels ? ',' : '';
  let below = 0;
  const lines = buckets.map((bound, i) => {
    below += counts![i]!;
    return `${name}_bucket{${labels}${separator}le="${boundText(bound)}"} ${below}`;
  });
  lines.push(`${name}_bucket{${labels}${separator}le="+Inf"} ${total}`);
  lines.push(`${name}_sum${braced(labels)} ${number(value)}`, `${name}_count${braced(labels)} ${total}`);
  return lines;
}

const braced = (labels: string) => (labels ? `{${labels}}` : '');

/** As Go writes it, `1e-08`: the text of a label is compared, not its value. */
function boundText(bound: number): string {
  const [digits = '', exponent = ''] = bound.toExponential().split('e');
  const power = Number(exponent);
  if (bound === 0 || (power >= -4 && power < 6)) return String(bound);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
