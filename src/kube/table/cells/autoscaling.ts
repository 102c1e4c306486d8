/** HorizontalPodAutoscaler: what it watches and within which bounds it scales. */
import { canonicalQuantity } from '../../quantity/quantity.ts';
import { ageOf, cellsOf, nameOf, none, unset, type View } from './cell.ts';

/** Metrics shown before "+ n more...". */
const mostMetrics = 2;
const unknown = '<unknown>';

interface Amounts {
  readonly averageValue?: string | number;
  readonly averageUtilization?: number;
  readonly value?: string | number;
}

interface MetricSource {
  readonly name?: string;
  readonly target?: Amounts;
  readonly current?: Amounts;
}

interface Metric {
  readonly type: string;
  readonly external?: MetricSource;
  readonly pods?: MetricSource;
  readonly object?: MetricSource;
  readonly resource?: MetricSource;
  readonly containerResource?: MetricSource;
}

interface AutoscalerSpec {
  readonly scaleTargetRef?: { readonly kind: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly metrics?: readonly Metric[];
  /** autoscaling/v1 knows this metric only. */
  readonly targetCPUUtilizationPercentage?: number;
}

interface AutoscalerStatus {
  readonly currentReplicas?: number;
  readonly currentMetrics?: readonly Metric[];
  readonly currentCPUUtilizationPercentage?: number;
}

const amount = (value: string | number | undefined) => (value === undefined ? unknown : canonicalQuantity(value));
const percent = (value: number | undefined, missing: string) => (value === undefined ? missing : `${value}%`);

/** `current/target`, by value or by average. */
function valueText(wanted: MetricSource | undefined, found: MetricSource | undefined): string {
  const { target = {} } = wanted ?? {};
  const { current = {} } = found ?? {};
  return target.averageValue === undefined
    ? `${amount(current.value)}/${amount(target.value)}`
    : `${amount(current.averageValue)}/${amount(target.averageValue)} (avg)`;
}

/** `cpu: 10%/80%` or, by value, `memory: 1Gi/2Gi`. */
function resourceText(wanted: MetricSource | undefined, found: MetricSource | undefined): string {
  const { target = {}, name = '' } = wanted ?? {};
  const { current = {} } = found ?? {};
  return target.averageValue === undefined
    ? `${name}: ${percent(current.averageUtilization, unknown)}/${percent(target.averageUtilization, '<auto>')}`
    : `${name}: ${amount(current.averageValue)}/${amount(target.averageValue)}`;
}

function metricText(spec: Metric, status: Metric | undefined): string {
  switch (spec.type) {
    case 'External':
      return valueText(spec.external, status?.external);
    case 'Object':
      return valueText(spec.object, status?.object);
    case 'Pods':
      return `${amount(status?.pods?.current?.averageValue)}/${amount(spec.pods?.target?.averageValue)}`;
    case 'Resource':
      return resourceText(spec.resource, status?.resource);
    case 'ContainerResource':
      return resourceText(spec.containerResource, status?.containerResource);
    default:
      return '<unknown type>';
  }
}

function metricsText(spec: AutoscalerSpec, status: AutoscalerStatus): string {
  const { targetCPUUtilizationPercentage: target } = spec;
  if (target !== undefined) return `cpu: ${percent(status.currentCPUUtilizationPercentage, unknown)}/${target}%`;
  const texts = (spec.metrics ?? []).map((metric, index) => metricText(metric, status.currentMetrics?.[index]));
  if (texts.length === 0) return none;
  const shown = texts.slice(0, mostMetrics).join(', ');
  return texts.length > mostMetrics ? `${shown} + ${texts.length - mostMetrics} more...` : shown;
}

export const autoscalerCells = cellsOf<View<AutoscalerSpec, AutoscalerStatus>>((object, now) => {
  const { spec = {}, status = {} } = object;
  return [
    nameOf(object),
    `${spec.scaleTargetRef?.kind ?? ''}/${spec.scaleTargetRef?.name ?? ''}`,
    metricsText(spec, status),
    spec.minReplicas === undefined ? unset : String(spec.minReplicas),
    spec.maxReplicas ?? 0,
    status.currentReplicas ?? 0,
    ageOf(object, now),
  ];
});

interface DisruptionBudgetSpec {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
}

export const disruptionBudgetCells = cellsOf<View<DisruptionBudgetSpec, { readonly disruptionsAllowed?: number }>>(
  (object, now) => [
    nameOf(object),
    String(object.spec?.minAvailable ?? 'N/A'),
    String(object.spec?.maxUnavailable ?? 'N/A'),
    object.status?.disruptionsAllowed ?? 0,
    ageOf(object, now),
  ],
);
