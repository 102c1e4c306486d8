/** Workload controllers and Jobs: update strategies, and labels and selectors taken from the template. */
import {
  type Fields,
  fieldsOf,
  isEmpty,
  isFields,
  isNothing,
  itemsOf,
  mapList,
  withField,
  withMissing,
} from '../value.ts';

/** A rolling update always has its parameters. */
const rollingUpdate =
  (parameters: Fields) =>
  (strategy: Fields): Fields => {
    if (strategy.type && strategy.type !== 'RollingUpdate') return strategy;
    return withField(strategy, 'rollingUpdate', withMissing(fieldsOf(strategy.rollingUpdate), parameters));
  };

/** Unlike Deployments: with the type said and no parameters, the parameters stay away. */
function statefulSetStrategy(strategy: Fields): Fields {
  let next = strategy;
  if (!strategy.type) next = withMissing({ ...strategy, type: 'RollingUpdate' }, { rollingUpdate: {} });
  const parameters = next.rollingUpdate;
  if (next.type !== 'RollingUpdate' || !isFields(parameters)) return next;
  return withField(next, 'rollingUpdate', withMissing(parameters, { partition: 0, maxUnavailable: 1 }));
}

/** Claim templates are whole objects and say so. */
function statefulSetSpec(spec: Fields): Fields {
  if (!Array.isArray(spec.volumeClaimTemplates)) return spec;
  const typed = mapList(itemsOf(spec.volumeClaimTemplates), (claim) =>
    withField(withField(fieldsOf(claim), 'apiVersion', 'v1'), 'kind', 'PersistentVolumeClaim'),
  );
  return withField(spec, 'volumeClaimTemplates', typed);
}

const largestInt32 = 2147483647;

/** Only of Jobs: a CronJob's template is not defaulted until a Job is made of it. */
function job(value: Fields): Fields {
  const spec = fieldsOf(value.spec);
  const unset = isNothing(spec.completions) && isNothing(spec.parallelism);
  const next = withMissing(spec, {
    ...(unset ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: isNothing(spec.backoffLimitPerIndex) ? 6 : largestInt32,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: isFields(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed',
    manualSelector: false,
  });
  const withSpec = next === value.spec ? value : { ...value, spec: next };
  return labelsFromTemplate(withSpec, fieldsOf(next.template));
}

function replicationController(value: Fields): Fields {
  const spec = fieldsOf(value.spec);
  const { labels } = fieldsOf(fieldsOf(spec.template).metadata);
  if (!isFields(labels)) return value;
  const next = isEmpty(spec.selector) ? { ...value, spec: { ...spec, selector: labels } } : value;
  return labelsFromTemplate(next, fieldsOf(spec.template));
}

function labelsFromTemplate(value: Fields, template: Fields): Fields {
  const { labels } = fieldsOf(template.metadata);
  const metadata = fieldsOf(value.metadata);
  return isFields(labels) && !isEmpty(labels) && isEmpty(metadata.labels)
    ? { ...value, metadata: { ...metadata, labels } }
    : value;
}

const templateGeneration = 'deprecated.daemonset.template.generation';

/** How often the template has changed; a relic that every DaemonSet still carries. prepare/ counts it. */
function daemonSet(value: Fields): Fields {
  const metadata = fieldsOf(value.metadata);
  const annotations = fieldsOf(metadata.annotations);
  if (/^-?\d+$/.test(String(annotations[templateGeneration]))) return value;
  return { ...value, metadata: { ...metadata, annotations: { ...annotations, [templateGeneration]: '0' } } };
}

export const workloadRules = {
  'apps/v1.DeploymentStrategy': rollingUpdate({ maxUnavailable: '25%', maxSurge: '25%' }),
  'apps/v1.DaemonSetUpdateStrategy': rollingUpdate({ maxUnavailable: 1, maxSurge: 0 }),
  'apps/v1.DaemonSet': daemonSet,
  'apps/v1.StatefulSetUpdateStrategy': statefulSetStrategy,
  'apps/v1.StatefulSetSpec': statefulSetSpec,
  'batch/v1.Job': job,
  'v1.ReplicationController': replicationController,
};
