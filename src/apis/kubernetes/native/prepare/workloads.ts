/** Jobs get the selector and labels that tie their Pods to them; DaemonSets count the changes of their template. */
import type { KubeObject } from '#kube/meta/object.ts';
import { canonicalObject } from '../canonical/object.ts';
import { type Fields, fieldsOf, sameValue } from '../value.ts';
import { contentOf, keepStatus, type Preparation, statusIsTheControllers } from './preparation.ts';

export const jobs: Preparation = {
  create: (job) => {
    const bound = fieldsOf(contentOf(job).spec).manualSelector === true ? job : selected(job);
    // Its own labels may have come from the template, which has changed.
    return canonicalObject(statusIsTheControllers.create!(bound));
  },
  update: keepStatus,
};

const uidLabel = 'batch.kubernetes.io/controller-uid';

/** Labels a client has set are kept; validation refuses those that do not fit. Needs the Job's name and uid. */
function selected(job: KubeObject): KubeObject {
  const { name = '', uid = '' } = job.metadata;
  const spec = fieldsOf(contentOf(job).spec);
  const template = fieldsOf(spec.template);
  const metadata = fieldsOf(template.metadata);
  const own = { 'job-name': name, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, [uidLabel]: uid };
  const labels = { ...own, ...fieldsOf(metadata.labels) };
  const selector = fieldsOf(spec.selector);
  const matchLabels = { [uidLabel]: uid, ...fieldsOf(selector.matchLabels) };
  const next = {
    ...spec,
    selector: { ...selector, matchLabels },
    template: { ...template, metadata: { ...metadata, labels } },
  };
  return { ...job, spec: next } as KubeObject;
}

const generation = 'deprecated.daemonset.template.generation';

export const daemonSets: Preparation = {
  create: (object) => {
    const counted = Number(object.metadata.annotations?.[generation] ?? 0);
    return statusIsTheControllers.create!(withGeneration(object, Math.max(counted, 1)));
  },
  update: (object, old) => {
    const before = Number(old.metadata.annotations?.[generation] ?? 0);
    const same = sameValue(templateOf(object), templateOf(old));
    return keepStatus(withGeneration(object, same ? before : before + 1), old);
  },
};

const templateOf = (object: KubeObject): Fields => fieldsOf(fieldsOf(contentOf(object).spec).template);

function withGeneration(object: KubeObject, count: number): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[generation] === String(count)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [generation]: String(count) } } };
}
