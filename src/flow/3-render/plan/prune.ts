/**
 * What of a template does not belong in a manifest: what its own API server or controllers wrote, and what belongs to
 * one cluster alone (compatibility.md section 3.3). The Work webhook prunes with the same rules.
 */
import { migrationPlan } from '#apis/names/labels.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

type Fields = Readonly<Record<string, unknown>>;

const serverMetadata = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
  'ownerReferences',
  'finalizers',
]);

/** `fields` without these; undefined when nothing is left, the same reference when none is there. */
function without(fields: Fields | undefined, names: Iterable<string>): Fields | undefined {
  const gone = new Set(names);
  if (!fields || !Object.keys(fields).some((key) => gone.has(key))) return fields;
  const kept = Object.fromEntries(Object.entries(fields).filter(([key]) => !gone.has(key)));
  return Object.keys(kept).length > 0 ? kept : undefined;
}

type Prune = (object: UnstructuredObject) => UnstructuredObject;

const withoutAnnotations =
  (...keys: readonly string[]): Prune =>
  (object) => {
    const annotations = without(object.metadata.annotations, keys) as UnstructuredObject['metadata']['annotations'];
    return annotations === object.metadata.annotations
      ? object
      : withField(object, 'metadata', { ...object.metadata, annotations });
  };

/** Sets a top-level field, or takes it out when undefined. */
function withField(object: UnstructuredObject, name: string, value: unknown): UnstructuredObject {
  if (value !== undefined) return { ...object, [name]: dropUndefined(value) };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name)) as UnstructuredObject;
}

const dropUndefined = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).includes(undefined)
    ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))
    : value;

const jobLabels = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

/** A Job's selector and Pod labels are generated anew in each cluster, unless the user manages them. */
const pruneJob: Prune = (job) => {
  const spec = job.spec as Fields | undefined;
  if (!spec) return job;
  const kept = without(
    spec,
    spec.manualSelector === true ? ['ttlSecondsAfterFinished'] : ['ttlSecondsAfterFinished', 'selector'],
  );
  if (spec.manualSelector === true) return withField(job, 'spec', kept);
  const template = spec.template as { readonly metadata?: Fields } | undefined;
  const metadata =
    template?.metadata &&
    dropUndefined({ ...template.metadata, labels: without(template.metadata.labels as Fields, jobLabels) });
  return withField(
    job,
    'spec',
    template ? { ...kept, template: { ...template, ...(metadata ? { metadata } : {}) } } : kept,
  );
};

const pruneSecret: Prune = (secret) => {
  if (secret.type !== 'kubernetes.io/service-account-token') return secret;
  return withoutAnnotations('kubernetes.io/service-account.uid')(withField(secret, 'data', undefined));
};

/** Token Secrets that a cluster made for its own ServiceAccount. */
const pruneServiceAccount: Prune = (account) => {
  const secrets = account.secrets as readonly { readonly name?: string }[] | undefined;
  const kept = secrets?.filter((secret) => !secret.name?.startsWith(`${account.metadata.name}-token-`));
  return kept?.length === secrets?.length ? account : withField(account, 'secrets', kept?.length ? kept : undefined);
};

const pruneService: Prune = (service) => {
  const spec = service.spec as Fields | undefined;
  // A headless Service is headless everywhere; an allocated address is one cluster's own.
  return spec?.clusterIP === 'None' ? service : withField(service, 'spec', without(spec, ['clusterIP', 'clusterIPs']));
};

const byKind: Readonly<Record<string, Prune>> = {
  'apps/v1/Deployment': withoutAnnotations('deployment.kubernetes.io/revision'),
  'batch/v1/Job': pruneJob,
  'v1/Secret': pruneSecret,
  'v1/ServiceAccount': pruneServiceAccount,
  'v1/Service': pruneService,
  'v1/PersistentVolumeClaim': withoutAnnotations('volume.kubernetes.io/selected-node'),
};

/** The manifest of a template, before our own labels and annotations. Pruning twice changes nothing more. */
export function prune(template: UnstructuredObject): UnstructuredObject {
  const { labels, ...metadata } = without(template.metadata as Fields, serverMetadata) ?? {};
  const kept = without(labels as Fields | undefined, [migrationPlan]);
  const bare = withField(
    withField(template, 'metadata', kept ? { ...metadata, labels: kept } : metadata),
    'status',
    undefined,
  );
  return byKind[`${template.apiVersion}/${template.kind}`]?.(bare) ?? bare;
}
