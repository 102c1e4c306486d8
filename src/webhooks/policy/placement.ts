/** What a placement may say (compatibility.md section 7, placement rules). */
import type { ClusterAffinity, Toleration } from '#apis/meta/selectors.ts';
import type { Placement } from '#apis/policy/placement.ts';
import { qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

type Causes = readonly StatusCause[];

const fieldKeys = ['provider', 'region', 'zone'];
const fieldOperators = ['In', 'NotIn'];

function validateAffinity(affinity: ClusterAffinity, path: string): Causes {
  return (affinity.fieldSelector?.matchExpressions ?? []).flatMap((expression, i) => {
    const at = `${path}.fieldSelector.matchExpressions[${i}]`;
    return [
      ...(fieldKeys.includes(expression.key) ? [] : [unsupportedValue(`${at}.key`, expression.key, fieldKeys)]),
      ...(fieldOperators.includes(expression.operator)
        ? []
        : [unsupportedValue(`${at}.operator`, expression.operator, fieldOperators)]),
    ];
  });
}

function validateAffinities(placement: Placement, path: string): Causes {
  const { clusterAffinity, clusterAffinities } = placement;
  if (clusterAffinity && clusterAffinities) {
    return [invalidValue(path, 'clusterAffinities', 'clusterAffinities cannot co-exist with clusterAffinity')];
  }
  if (clusterAffinity) return validateAffinity(clusterAffinity, `${path}.clusterAffinity`);
  const seen = new Set<string>();
  return (clusterAffinities ?? []).flatMap((term, i) => {
    const at = `${path}.clusterAffinities[${i}]`;
    const again = seen.has(term.affinityName);
    seen.add(term.affinityName);
    return [
      ...qualifiedName(term.affinityName).map((text) => invalidValue(`${at}.affinityName`, term.affinityName, text)),
      ...(again ? [duplicateValue(`${at}.affinityName`, term.affinityName)] : []),
      ...validateAffinity(term, at),
      ...(term.overflowAffinities ?? []).flatMap((overflow, j) =>
        validateAffinity(overflow, `${at}.overflowAffinities[${j}]`),
      ),
      ...(term.overflowAffinities?.length ? overflowCauses(placement, `${at}.overflowAffinities`) : []),
    ];
  });
}

/** Overflow makes sense only where replicas are dealt by what clusters have room for. */
function overflowCauses({ replicaScheduling: scheduling }: Placement, path: string): Causes {
  const byCapacity =
    scheduling?.replicaSchedulingType === 'Divided' &&
    (scheduling.replicaDivisionPreference === 'Aggregated' || scheduling.weightPreference?.dynamicWeight !== undefined);
  return byCapacity
    ? []
    : [forbiddenField(path, 'overflowAffinities need replicas divided by dynamicWeight or Aggregated')];
}

function validateSpread(placement: Placement, path: string): Causes {
  const constraints = placement.spreadConstraints ?? [];
  const fields = constraints.map((constraint) => constraint.spreadByField).filter((field) => field !== undefined);
  const each = constraints.flatMap((constraint, i) => {
    const at = `${path}.spreadConstraints[${i}]`;
    const { spreadByField, spreadByLabel, minGroups = 0, maxGroups = 0 } = constraint;
    return [
      ...(spreadByField && spreadByLabel
        ? [invalidValue(at, spreadByLabel, 'spreadByLabel should not co-exist with spreadByField')]
        : []),
      ...(minGroups < 0 ? [invalidValue(`${at}.minGroups`, minGroups, 'minGroups should not be less than 0')] : []),
      ...(maxGroups < 0 ? [invalidValue(`${at}.maxGroups`, maxGroups, 'maxGroups should not be less than 0')] : []),
      ...(maxGroups > 0 && maxGroups < minGroups
        ? [invalidValue(`${at}.maxGroups`, maxGroups, 'maxGroups should not be less than minGroups')]
        : []),
      ...(spreadByField &&
      fields.indexOf(spreadByField) < fields.lastIndexOf(spreadByField) &&
      fields.indexOf(spreadByField) !== i
        ? [duplicateValue(`${at}.spreadByField`, spreadByField)]
        : []),
    ];
  });
  const lacksCluster = fields.length > 0 && !fields.includes('cluster');
  return lacksCluster
    ? [
        ...each,
        invalidValue(
          `${path}.spreadConstraints`,
          fields,
          'the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled',
        ),
      ]
    : each;
}

function validateTolerations(tolerations: readonly Toleration[], path: string): Causes {
  return tolerations.flatMap((toleration, i) => {
    const at = `${path}.clusterTolerations[${i}]`;
    const { key = '', operator = 'Equal', value, effect, tolerationSeconds } = toleration;
    return [
      ...(key ? qualifiedName(key).map((text) => invalidValue(`${at}.key`, key, text)) : []),
      ...(!key && operator !== 'Exists'
        ? [
            invalidValue(
              `${at}.operator`,
              operator,
              'operator must be Exists when `key` is empty, which means "match all values and all keys"',
            ),
          ]
        : []),
      ...(operator === 'Exists' && value
        ? [invalidValue(`${at}.operator`, toleration.value, "value must be empty when `operator` is 'Exists'")]
        : []),
      ...(['Equal', 'Exists'].includes(operator)
        ? []
        : [unsupportedValue(`${at}.operator`, operator, ['Equal', 'Exists'])]),
      ...(effect && !['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)
        ? [unsupportedValue(`${at}.effect`, effect, ['NoExecute', 'NoSchedule', 'PreferNoSchedule'])]
        : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? [invalidValue(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set")]
        : []),
    ];
  });
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
  return near !== undefined && near === far
    ? [
        ...causes,
        invalidValue(
          `${path}.workloadAffinity`,
          near,
          'affinity and antiAffinity must not group by the same label key',
        ),
      ]
    : causes;
}

export function validatePlacement(placement: Placement, path: string): Causes {
  const rules = placement.replicaScheduling?.weightPreference?.staticWeightList ?? [];
  return [
    ...validateAffinities(placement, path),
    ...validateTolerations(placement.clusterTolerations ?? [], path),
    ...validateSpread(placement, path),
    ...validateWorkloadAffinity(placement, path),
    ...rules.flatMap((rule, i) =>
      validateAffinity(
        rule.targetCluster,
        `${path}.replicaScheduling.weightPreference.staticWeightList[${i}].targetCluster`,
      ),
    ),
  ];
}
