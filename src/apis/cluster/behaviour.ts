/** What a Cluster's API does beyond its schema: defaults, what may be said, what may change (compatibility.md section 1.5). */
import type { NativeBehaviour } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { compareQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Cluster, ResourceModel } from './cluster.ts';
import { defaultModels, unbounded } from './models.ts';

type Causes = readonly StatusCause[];

const longestName = 48;

const clusterOf = (object: KubeObject) => object as Cluster;

/** Grades in order, the first from nothing, the last without end. */
function completeModels(models: readonly ResourceModel[]): readonly ResourceModel[] {
  const sorted = [...models].sort((left, right) => left.grade - right.grade);
  return sorted.map((model, i) => ({
    ...model,
    ranges: model.ranges.map((range) => ({
      ...range,
      ...(i === 0 ? { min: '0' } : {}),
      ...(i === sorted.length - 1 ? { max: unbounded } : {}),
    })),
  }));
}

/** The deprecated `zone` moves to `zones`; models are completed. */
function defaults(object: KubeObject): KubeObject {
  const cluster = clusterOf(object);
  const { zone, ...spec } = cluster.spec;
  const wanted = {
    ...spec,
    ...(zone && !spec.zones?.length ? { zones: [zone] } : zone ? { zone } : {}),
    ...(spec.resourceModels ? { resourceModels: completeModels(spec.resourceModels) } : {}),
  };
  return deepEqual(wanted, cluster.spec) ? cluster : ({ ...cluster, spec: wanted } as KubeObject);
}

/** From when on a NoExecute taint drives out is counted from its date. */
function dated(object: KubeObject, now: string | undefined): KubeObject {
  const cluster = clusterOf(object);
  const { taints = [] } = cluster.spec;
  const lacks = ({ effect, timeAdded }: (typeof taints)[number]) => effect === 'NoExecute' && timeAdded === undefined;
  if (now === undefined || !taints.some(lacks)) return cluster;
  const all = taints.map((taint) => (lacks(taint) ? { ...taint, timeAdded: now } : taint));
  return { ...cluster, spec: { ...cluster.spec, taints: all } } as KubeObject;
}

function endpointCauses(endpoint: string | undefined): Causes {
  if (!endpoint) return [];
  const at = 'spec.apiEndpoint';
  const url = URL.parse(endpoint);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return [invalidValue(at, endpoint, 'must be a valid http or https URL')];
  return url.username || url.search || url.hash
    ? [invalidValue(at, endpoint, 'must not have user, query or fragment')]
    : [];
}

function secretCauses(reference: Cluster['spec']['secretRef'], at: string): Causes {
  if (!reference) return [];
  return [
    ...(reference.namespace ? [] : [requiredValue(`${at}.namespace`)]),
    ...(reference.name ? [] : [requiredValue(`${at}.name`)]),
  ];
}

function taintCauses(taints: NonNullable<Cluster['spec']['taints']>): Causes {
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
  return taints.flatMap((taint, i) => {
    const at = `spec.taints[${i}]`;
    const same = taints.findIndex((other) => other.key === taint.key && other.effect === taint.effect);
    return [
      ...qualifiedName(taint.key).map((text) => invalidValue(`${at}.key`, taint.key, text)),
      ...labelValue(taint.value ?? '').map((text) => invalidValue(`${at}.value`, taint.value, text)),
      ...(effects.includes(taint.effect) ? [] : [unsupportedValue(`${at}.effect`, taint.effect, effects)]),
      ...(same < i ? [invalidValue(at, taint.key, 'taints must be unique by key and effect pair')] : []),
    ];
  });
}

function modelCauses(models: readonly ResourceModel[]): Causes {
  return models.flatMap((model, i) =>
    model.ranges.flatMap((range, j) => {
      const at = `spec.resourceModels[${i}].ranges[${j}]`;
      const before = models[i - 1]?.ranges.find((each) => each.name === range.name);
      const above = compareQuantity(parseQuantity(range.max), parseQuantity(range.min)) > 0;
      return [
        ...(above ? [] : [invalidValue(`${at}.max`, range.max, 'max must be larger than min')]),
        ...(i > 0 && models[i - 1]!.grade === model.grade
          ? [invalidValue(`spec.resourceModels[${i}].grade`, model.grade, 'grades must be unique')]
          : []),
        ...(i > 0 && !before ? [invalidValue(at, range.name, 'every grade must name the same resources')] : []),
        ...(before && compareQuantity(parseQuantity(before.max), parseQuantity(range.min)) !== 0
          ? [invalidValue(`${at}.min`, range.min, 'must continue where the grade before ends')]
          : []),
      ];
    }),
  );
}

function validate(object: KubeObject): Causes {
  const { metadata, spec } = clusterOf(object);
  const name = metadata.name ?? '';
  const proxy = spec.proxyURL ? URL.parse(spec.proxyURL) : undefined;
  return [
    ...(name.length > longestName
      ? [invalidValue('metadata.name', name, `must be no more than ${longestName} characters`)]
      : []),
    ...dns1123Label(name).map((text) => invalidValue('metadata.name', name, text)),
    ...(spec.syncMode === '' ? [requiredValue('spec.syncMode')] : []),
    ...(['Push', 'Pull', ''].includes(spec.syncMode)
      ? []
      : [unsupportedValue('spec.syncMode', spec.syncMode, ['Push', 'Pull'])]),
    ...endpointCauses(spec.apiEndpoint),
    ...secretCauses(spec.secretRef, 'spec.secretRef'),
    ...secretCauses(spec.impersonatorSecretRef, 'spec.impersonatorSecretRef'),
    ...(spec.proxyURL && !['http:', 'https:', 'socks5:'].includes(proxy?.protocol ?? '')
      ? [unsupportedValue('spec.proxyURL', spec.proxyURL, ['http', 'https', 'socks5'])]
      : []),
    ...(['provider', 'region'] as const).flatMap((field) =>
      labelValue(spec[field] ?? '').map((text) => invalidValue(`spec.${field}`, spec[field], text)),
    ),
    ...(spec.zones ?? []).flatMap((zone, i) =>
      labelValue(zone).map((text) => invalidValue(`spec.zones[${i}]`, zone, text)),
    ),
    ...(spec.zone && spec.zones?.length
      ? [forbiddenField('spec.zone', 'zone and zones must not be set together')]
      : []),
    ...taintCauses(spec.taints ?? []),
    ...modelCauses(spec.resourceModels ?? []),
  ];
}

export const clusterBehaviour: NativeBehaviour = {
  hasGeneration: true,
  defaults,
  prepareForCreate: (object, _user, now) => {
    const { status: _, ...cluster } = clusterOf(dated(object, now));
    // Only once: who takes them away later wants none.
    if (cluster.spec.resourceModels?.length) return cluster;
    return { ...cluster, spec: { ...cluster.spec, resourceModels: defaultModels } } as KubeObject;
  },
  prepareForUpdate: (object, _old, now) => dated(object, now),
  validate,
};
