/** Metrics and behaviour of autoscaling/v2 in the forms that the annotations of a v1 object carry, and back. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

const fieldsOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** Without members that have no value, as Go leaves them out. */
const some = (fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;

/** The member of a metric that its type names. */
const sources: Readonly<Record<string, string>> = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
  External: 'external',
};

/** Names of what v1 calls otherwise: of what is aimed at, and of what is. */
interface Side {
  readonly member: 'target' | 'current';
  readonly value: string;
  readonly averageValue: string;
  readonly averageUtilization: string;
}

export const targets: Side = {
  member: 'target',
  value: 'targetValue',
  averageValue: 'targetAverageValue',
  averageUtilization: 'targetAverageUtilization',
};

export const currents: Side = {
  member: 'current',
  value: 'currentValue',
  averageValue: 'currentAverageValue',
  averageUtilization: 'currentAverageUtilization',
};

/** v1 must have a quantity where v2 may leave it out. */
const zero = '0';

export function metricToV1(metric: JsonObject, side: Side): JsonObject {
  const type = textOf(metric.type);
  const source = fieldsOf(metric[sources[type] ?? '']);
  const { name: metricName, selector } = fieldsOf(source.metric);
  const { value, averageValue, averageUtilization } = fieldsOf(source[side.member]);
  const required = side.member === 'current' ? zero : undefined;
  const forms: Readonly<Record<string, () => JsonObject>> = {
    Object: () =>
      some({ target: source.describedObject, metricName, [side.value]: value ?? zero, selector, averageValue }),
    Pods: () => some({ metricName, [side.averageValue]: averageValue ?? zero, selector }),
    Resource: () =>
      some({
        name: source.name,
        [side.averageUtilization]: averageUtilization,
        [side.averageValue]: averageValue ?? required,
      }),
    ContainerResource: () =>
      some({
        name: source.name,
        [side.averageUtilization]: averageUtilization,
        [side.averageValue]: averageValue ?? required,
        container: source.container,
      }),
    External: () =>
      some({
        metricName,
        metricSelector: selector,
        [side.value]: value ?? required,
        [side.averageValue]: averageValue,
      }),
  };
  return some({ type, [sources[type] ?? '']: forms[type]?.() });
}

export function metricToV2(metric: JsonObject, side: Side): JsonObject {
  const type = textOf(metric.type);
  const source = fieldsOf(metric[sources[type] ?? '']);
  const { [side.value]: value, [side.averageUtilization]: averageUtilization, metricName } = source;
  const averageValue = source[type === 'Object' ? 'averageValue' : side.averageValue];
  const selector = source[type === 'External' ? 'metricSelector' : 'selector'];
  const amounts = some({
    ...(side.member === 'target' ? { type: targetType({ value, averageValue, averageUtilization }) } : {}),
    value: type === 'Object' && averageValue !== undefined && side.member === 'target' ? undefined : value,
    averageValue,
    averageUtilization,
  });
  return some({
    type,
    [sources[type] ?? '']: some({
      name: source.name,
      container: source.container,
      describedObject: source.target,
      ...(metricName === undefined ? {} : { metric: some({ name: metricName, selector }) }),
      [side.member]: amounts,
    }),
  });
}

function targetType(amounts: Readonly<Record<string, JsonValue | undefined>>): string {
  if (amounts.averageUtilization !== undefined) return 'Utilization';
  return amounts.averageValue === undefined ? 'Value' : 'AverageValue';
}

/** kube-apiserver writes behaviour down with the names of its own fields, and what is not there as null. */
const rulesToV1 = (rules: JsonValue | undefined): JsonValue => {
  if (rules === undefined) return null;
  const { stabilizationWindowSeconds, selectPolicy, policies, tolerance } = fieldsOf(rules);
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    Policies: Array.isArray(policies)
      ? (policies as JsonObject[]).map(({ type, value, periodSeconds }) => ({
          Type: type ?? '',
          Value: value ?? 0,
          PeriodSeconds: periodSeconds ?? 0,
        }))
      : null,
    Tolerance: tolerance ?? null,
  };
};

const rulesToV2 = (value: JsonValue | undefined): JsonObject | undefined => {
  if (value === undefined || value === null) return undefined;
  const { StabilizationWindowSeconds, SelectPolicy, Policies, Tolerance } = fieldsOf(value);
  return some({
    stabilizationWindowSeconds: StabilizationWindowSeconds ?? undefined,
    selectPolicy: SelectPolicy ?? undefined,
    policies: Array.isArray(Policies)
      ? (Policies as JsonObject[]).map(({ Type, Value, PeriodSeconds }) =>
          some({ type: Type, value: Value, periodSeconds: PeriodSeconds }),
        )
      : undefined,
    tolerance: Tolerance ?? undefined,
  });
};

export function behaviorToV1(behavior: JsonValue | undefined): JsonObject | undefined {
  if (behavior === undefined) return undefined;
  const { scaleUp, scaleDown } = fieldsOf(behavior);
  return { ScaleUp: rulesToV1(scaleUp), ScaleDown: rulesToV1(scaleDown) };
}

export function behaviorToV2(value: JsonValue | undefined): JsonObject | undefined {
  const { ScaleUp, ScaleDown } = fieldsOf(value);
  const behavior = some({ scaleUp: rulesToV2(ScaleUp), scaleDown: rulesToV2(ScaleDown) });
  return Object.keys(behavior).length > 0 ? behavior : undefined;
}
