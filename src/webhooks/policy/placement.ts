/** What a placement may say (compatibility.md section 7, placement rules). */
import type { Toleration } from '#apis/meta/selectors.ts';
import type { Placement } from '#apis/policy/placement.ts';
import { labelValue, qualifiedName } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { validateAffinities, validateAffinity } from './affinity.ts';

type Causes = readonly StatusCause[];
type SpreadConstraint = NonNullable<Placement['spreadConstraints']>[number];

/** Overflow makes sense only where replicas are dealt by what clusters have room for. */
function dividesByRoom({ replicaScheduling: scheduling }: Placement): boolean {
  if (scheduling?.replicaSchedulingType !== 'Divided') return false;
  return (
    scheduling.replicaDivisionPreference === 'Aggregated' || scheduling.weightPreference?.dynamicWeight !== undefined
  );
}

function validateConstraint(constraint: SpreadConstraint, at: string): Causes {
  const { spreadByField, spreadByLabel, minGroups = 0, maxGroups = 0 } = constraint;
  const causes: StatusCause[] = [];
  if (spreadByField && spreadByLabel)
    causes.push(invalidValue(at, constraint, 'spreadByLabel should not co-exist with spreadByField'));
  if (minGroups < 0) causes.push(invalidValue(`${at}.minGroups`, minGroups, 'minGroups lower than 0 is not allowed'));
  if (maxGroups < 0) causes.push(invalidValue(`${at}.maxGroups`, maxGroups, 'maxGroups lower than 0 is not allowed'));
  if (maxGroups > 0 && maxGroups < minGroups)
    causes.push(invalidValue(`${at}.maxGroups`, maxGroups, 'maxGroups lower than minGroups is not allowed'));
  return causes;
}

function validateSpread({ spreadConstraints: constraints = [] }: Placement, path: string): Causes {
  const at = `${path}.spreadConstraints`;
  const causes = constraints.flatMap((constraint, i) => validateConstraint(constraint, `${at}[${i}]`));
  const fields = constraints.map(({ spreadByField }) => spreadByField).filter((field) => field !== undefined);
  const repeated = new Set(fields.filter((field, i) => fields.indexOf(field) !== i));
  for (const field of repeated)
    causes.push(invalidValue(at, fields, `multiple ${field} spread constraints are not allowed`));
  if (fields.length > 0 && !fields.includes('cluster')) {
    const why =
      'the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled';
    causes.push(invalidValue(at, fields, why));
  }
  return causes;
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** As of Pods, but that comparing numbers (Lt, Gt) is nothing a taint of a cluster is asked for. */
function validateToleration(toleration: Toleration, at: string): Causes {
  const { key = '', operator: given, value = '', effect = '', tolerationSeconds } = toleration;
  const operator = given || 'Equal';
  const causes: StatusCause[] = [];
  if (key) causes.push(...qualifiedName(key).map((text) => invalidValue(`${at}.key`, key, text)));
  else if (operator !== 'Exists') {
    const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${at}.operator`, given ?? '', why));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    causes.push(invalidValue(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (operator === 'Exists') {
    if (value) causes.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === 'Equal') {
    const wrong = labelValue(value);
    if (wrong.length > 0) causes.push(invalidValue(`${at}.operator`, value, wrong.join(';')));
  } else causes.push(unsupportedValue(`${at}.operator`, operator, ['Equal', 'Exists']));
  if (effect && !effects.includes(effect)) causes.push(unsupportedValue(`${at}.effect`, effect, effects));
  return causes;
}

function validateWorkloadAffinity({ workloadAffinity }: Placement, path: string): Causes {
  const [near, far] = [workloadAffinity?.affinity?.groupByLabelKey, workloadAffinity?.antiAffinity?.groupByLabelKey];
  const keys = [
    ['affinity', near],
    ['antiAffinity', far],
  ] as const;
  const causes = keys.flatMap(([part, key]) => {
    const at = `${path}.workloadAffinity.${part}.groupByLabelKey`;
    if (key === undefined) return [];
    return key === '' ? [requiredValue(at)] : qualifiedName(key).map((text) => invalidValue(at, key, text));
  });
  if (near === undefined || near !== far) return causes;
  const why = 'affinity and antiAffinity must not use the same groupByLabelKey';
  return [...causes, invalidValue(`${path}.workloadAffinity`, workloadAffinity, why)];
}

export function validatePlacement(placement: Placement, path: string): Causes {
  const weights = placement.replicaScheduling?.weightPreference?.staticWeightList ?? [];
  const weightsAt = `${path}.replicaScheduling.weightPreference.staticWeightList`;
  return [
    ...validateAffinities(placement, path, dividesByRoom(placement)),
    ...(placement.clusterTolerations ?? []).flatMap((toleration, i) =>
      validateToleration(toleration, `${path}.clusterTolerations[${i}]`),
    ),
    ...validateSpread(placement, path),
    ...validateWorkloadAffinity(placement, path),
    ...weights.flatMap(({ targetCluster }, i) => validateAffinity(targetCluster, `${weightsAt}[${i}].targetCluster`)),
  ];
}
