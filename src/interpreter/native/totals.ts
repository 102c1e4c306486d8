/** PodDisruptionBudget, HorizontalPodAutoscaler and CronJob: all clusters' figures added up, the latest of their times. */
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { parseTime } from '#kube/meta/time.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { cronJobDependencies } from './dependencies.ts';
import { type Fields, fieldsOf, numberIn } from './fields.ts';

type Aggregate = NonNullable<KindInterpreter['aggregateStatus']>;

/** `old` where the new status says no more. */
const changed = (template: UnstructuredObject, status: Fields): JsonObject | undefined => {
  const old = template.status as JsonObject | undefined;
  return deepEqual(status, old) ? old : (status as JsonObject);
};

const sums = (statuses: readonly Fields[], names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, statuses.reduce((sum, status) => sum + numberIn(status, name), 0)]));

const only =
  (names: readonly string[]): NonNullable<KindInterpreter['reflectStatus']> =>
  ({ status }) => {
    if (status === undefined) return undefined;
    return Object.fromEntries(Object.entries(fieldsOf(status)).filter(([key]) => names.includes(key))) as JsonObject;
  };

const budgetFigures = ['currentHealthy', 'desiredHealthy', 'disruptionsAllowed', 'expectedPods'];

/** Pods of one name may be disrupted in several clusters. */
const disruptedPods = (items: readonly AggregatedStatusItem[]): Fields =>
  Object.fromEntries(
    items.flatMap(({ clusterName, status }) =>
      Object.entries(fieldsOf(fieldsOf(status).disruptedPods)).map(([pod, time]) => [`${clusterName}/${pod}`, time]),
    ),
  );

const aggregateBudget: Aggregate = (template, items) => {
  const disrupted = disruptedPods(items);
  return changed(template, {
    ...sums(
      items.map((item) => fieldsOf(item.status)),
      budgetFigures,
    ),
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
  });
};

export const podDisruptionBudgetInterpreter: KindInterpreter = {
  reflectStatus: only([...budgetFigures, 'disruptedPods']),
  interpretHealth: ({ status }) =>
    numberIn(fieldsOf(status), 'currentHealthy') >= numberIn(fieldsOf(status), 'desiredHealthy')
      ? 'Healthy'
      : 'Unhealthy',
  aggregateStatus: aggregateBudget,
};

const scalerFigures = ['currentReplicas', 'desiredReplicas'];

/** As servers keep it: of the two, only `desiredReplicas` is there when it is zero. */
const aggregateScaler: Aggregate = (template, items) => {
  const { currentReplicas: _, ...old } = fieldsOf(template.status);
  const { currentReplicas, desiredReplicas } = sums(
    items.map((item) => fieldsOf(item.status)),
    scalerFigures,
  );
  return changed(template, { ...old, ...(currentReplicas ? { currentReplicas } : {}), desiredReplicas });
};

export const horizontalPodAutoscalerInterpreter: KindInterpreter = {
  reflectStatus: only(scalerFigures),
  aggregateStatus: aggregateScaler,
};

const latest = (statuses: readonly Fields[], name: string): Fields => {
  const times = statuses.map((status) => status[name]).filter((time) => typeof time === 'string');
  const last = times.reduce<string | undefined>(
    (found, time) => (found !== undefined && parseTime(found) >= parseTime(time) ? found : time),
    undefined,
  );
  return last === undefined ? {} : { [name]: last };
};

export const cronJobInterpreter: KindInterpreter = {
  getDependencies: cronJobDependencies,
  aggregateStatus: (template, items) => {
    const statuses = items.map((item) => fieldsOf(item.status));
    const active = statuses.flatMap((status) => (status.active ?? []) as readonly unknown[]);
    return changed(template, {
      ...(active.length > 0 ? { active } : {}),
      ...latest(statuses, 'lastScheduleTime'),
      ...latest(statuses, 'lastSuccessfulTime'),
    });
  },
};
