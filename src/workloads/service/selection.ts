/** Services and the Pods they select: found from either side without looking at every other. */
import type { Pod, Service } from '#apis/kubernetes/types.ts';
import type { Change, Indexer, Informer } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';
import { isReady } from '../pod-state.ts';
import { selectorOf } from '../selectors.ts';

type Labels = Readonly<Record<string, string>>;

const bySelector = 'selector';
const byLabel = 'label';

const pairIn = (namespace: string | undefined, [key, value]: readonly [string, string]) =>
  `${namespace}/${key}=${value}`;

/** By one label of its selector: a Pod that it selects has it. */
const byFirstLabel: Indexer<Service> = ({ metadata, spec }) => {
  const first = Object.entries(spec.selector ?? {})[0];
  return first ? [pairIn(metadata.namespace, first)] : [];
};

const byEachLabel: Indexer<Pod> = ({ metadata }) =>
  Object.entries(metadata.labels ?? {}).map((pair) => pairIn(metadata.namespace, pair));

export function indexSelection(services: Informer<Service>, pods: Informer<Pod>): void {
  services.addIndex(bySelector, byFirstLabel);
  pods.addIndex(byLabel, byEachLabel);
}

const asSelector = new WeakMap<Labels, LabelSelector>();

function matcherOf(labels: Labels) {
  let selector = asSelector.get(labels);
  if (!selector) {
    selector = { matchLabels: labels };
    asSelector.set(labels, selector);
  }
  return selectorOf(selector);
}

const selects = ({ spec }: Service, labels: Labels | undefined): boolean =>
  spec.selector !== undefined && matcherOf(spec.selector).matches(labels);

/** A Service whose endpoints follow from its Pods: it has a selector and is more than a name. */
export const hasEndpoints = ({ spec }: Service): boolean =>
  Object.keys(spec.selector ?? {}).length > 0 && spec.type !== 'ExternalName';

function servicesFor(services: Informer<Service>, { metadata }: Pod): readonly Service[] {
  return Object.entries(metadata.labels ?? {}).flatMap((pair) =>
    services
      .byIndex(bySelector, pairIn(metadata.namespace, pair))
      .filter((service) => selects(service, metadata.labels)),
  );
}

export const podsFor = (pods: Informer<Pod>, service: Service): readonly Pod[] =>
  byFirstLabel(service)
    .flatMap((pair) => pods.byIndex(byLabel, pair))
    .filter(({ metadata }) => selects(service, metadata.labels));

/** Services that a changed Pod's endpoints belong or belonged to; none when nothing they show has changed. */
export function servicesTouched(services: Informer<Service>, change: Change<Pod>): readonly Service[] {
  const { object } = change;
  if (change.type !== 'updated') return object.status?.podIP ? servicesFor(services, object) : [];
  const { old } = change;
  if (!object.status?.podIP && !old.status?.podIP) return [];
  const same =
    deepEqual(old.metadata.labels, object.metadata.labels) &&
    old.metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
    old.status?.podIP === object.status?.podIP &&
    old.status?.phase === object.status?.phase &&
    isReady(old) === isReady(object);
  return same ? [] : [...servicesFor(services, object), ...servicesFor(services, old)];
}
