/** Which clusters a policy, a weight or an override may name (compatibility.md sections 1.2 and 7). */
import { checkLabelSelector } from '#apis/kubernetes/native/validate/labels.ts';
import type { ClusterAffinity } from '#apis/meta/selectors.ts';
import type { Placement } from '#apis/policy/placement.ts';
import { qualifiedName } from '#kube/names/validate.ts';
import { invalidValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

type Causes = readonly StatusCause[];
type Term = NonNullable<Placement['clusterAffinities']>[number];

const fieldKeys = ['provider', 'region', 'zone'];
const fieldOperators = ['In', 'NotIn'];

/** What is wrong with a ClusterAffinity at `path`. */
export function validateAffinity({ labelSelector, fieldSelector }: ClusterAffinity, path: string): Causes {
  const causes: StatusCause[] = [];
  checkLabelSelector(causes, `${path}.labelSelector`, labelSelector);
  for (const [i, { key, operator }] of (fieldSelector?.matchExpressions ?? []).entries()) {
    const at = `${path}.fieldSelector.matchExpressions[${i}]`;
    if (!fieldKeys.includes(key)) causes.push(unsupportedValue(`${at}.key`, key, fieldKeys));
    if (!fieldOperators.includes(operator)) causes.push(unsupportedValue(`${at}.operator`, operator, fieldOperators));
  }
  return causes;
}

const restricts = ({ labelSelector, fieldSelector, clusterNames = [], exclude = [] }: ClusterAffinity): boolean =>
  labelSelector !== undefined || fieldSelector !== undefined || clusterNames.length > 0 || exclude.length > 0;

/** One group or many, and what each says; `dividesByRoom`: whether overflowing has a meaning. */
export function validateAffinities(
  { clusterAffinity, clusterAffinities }: Placement,
  path: string,
  dividesByRoom: boolean,
): Causes {
  const seen = new Set<string>();
  const terms = (clusterAffinities ?? []).flatMap((term, i) => {
    const at = `${path}.clusterAffinities[${i}]`;
    const causes = [...validateName(term.affinityName, at), ...validateAffinity(term, at)];
    if (seen.has(term.affinityName)) {
      causes.push(
        invalidValue(`${at}.affinityName`, term.affinityName, 'each affinity term in a policy must have a unique name'),
      );
    }
    seen.add(term.affinityName);
    return [...causes, ...validateOverflow(term, at, dividesByRoom)];
  });
  return [
    ...(clusterAffinity && clusterAffinities
      ? [
          invalidValue(
            path,
            { clusterAffinity, clusterAffinities },
            'clusterAffinities cannot co-exist with clusterAffinity',
          ),
        ]
      : []),
    ...(clusterAffinity ? validateAffinity(clusterAffinity, `${path}.clusterAffinity`) : []),
    ...terms,
  ];
}

const validateName = (name: string, at: string): Causes =>
  qualifiedName(name).map((text) => invalidValue(`${at}.affinityName`, name, text));

function validateOverflow(term: Term, at: string, dividesByRoom: boolean): Causes {
  const { overflowAffinities = [] } = term;
  if (overflowAffinities.length === 0) return [];
  const path = `${at}.overflowAffinities`;
  const names = overflowAffinities.map(({ affinityName }) => affinityName);
  const causes: StatusCause[] = [];
  if (!dividesByRoom) {
    const why = 'overflowAffinities can only be used together with dynamic weight or aggregated scheduling';
    causes.push(invalidValue(path, names, why));
  }
  if (!restricts(term)) {
    const why = 'overflowAffinities can only be used together with the inline ClusterAffinity';
    causes.push(invalidValue(path, names, why));
  }
  const seen = new Set([term.affinityName]);
  for (const [i, overflow] of overflowAffinities.entries()) {
    const { affinityName: name } = overflow;
    causes.push(...validateName(name, `${path}[${i}]`), ...validateAffinity(overflow, `${path}[${i}]`));
    if (seen.has(name)) {
      const why = "overflow affinity name must be unique and must not duplicate the primary group's affinityName";
      causes.push(invalidValue(`${path}[${i}].affinityName`, name, why));
    }
    seen.add(name);
  }
  return causes;
}
