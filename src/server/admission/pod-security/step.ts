/** PodSecurity: Pods are held to what their namespace's labels ask for; whoever makes templates of Pods is warned. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { forbidden, invalid } from '#kube/status/errors.ts';
import type { AdmissionPass, AdmissionStep, AdmissionTarget } from '../step.ts';
import { isStricter, type ParsedPolicy, policyOf, prefix, sameVersion, shownVersion } from './policy.ts';

export interface PodSecurityGround {
  readonly namespace: (name: string) => KubeObject | undefined;
  readonly pods: (namespace: string) => readonly KubeObject[];
}

/** Where the Pod is in what makes Pods. */
const templates: Readonly<Record<string, readonly string[]>> = {
  '/podtemplates': ['template'],
  '/replicationcontrollers': ['spec', 'template'],
  'apps/replicasets': ['spec', 'template'],
  'apps/deployments': ['spec', 'template'],
  'apps/statefulsets': ['spec', 'template'],
  'apps/daemonsets': ['spec', 'template'],
  'batch/jobs': ['spec', 'template'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template'],
};

const ignored = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);

function handles({ group, resource, subresource, operation }: AdmissionTarget): boolean {
  if (operation !== 'CREATE' && operation !== 'UPDATE') return false;
  const id = `${group}/${resource}`;
  if (id === '/pods') return !ignored.has(subresource);
  return subresource === '' && (id === '/namespaces' || id in templates);
}

export function podSecurity(ground: PodSecurityGround): AdmissionStep {
  return {
    name: 'PodSecurity',
    phase: 'validate',
    handles,
    review: (request, pass) => {
      const { resource, namespace = '' } = request.path;
      if (resource === 'namespaces') return reviewNamespace(ground, request);
      const own = ground.namespace(namespace);
      if (!own) return undefined;
      const parsed = policyOf(own);
      const { enforce, warn, audit } = parsed.policy;
      const isPod = resource === 'pods';
      const modes = isPod ? [enforce, warn, audit] : [warn, audit];
      if (parsed.errors.length === 0 && modes.every(({ level }) => level === 'privileged')) {
        if (isPod) pass.annotate(`${prefix}enforce-policy`, 'privileged:latest');
        return undefined;
      }
      return reviewPod(request, pass, parsed, isPod);
    },
  };
}

/** The Pod, or the template of Pods; undefined where nothing in it matters or there is none. */
function podOf({ path, object, oldObject, operation }: AdmissionRequest, isPod: boolean) {
  if (isPod) {
    if (operation === 'UPDATE' && !changesImages(object as Pod, oldObject as Pod)) return undefined;
    return object as Pod;
  }
  const steps = templates[`${path.group}/${path.resource}`]!;
  return steps.reduce<unknown>((value, step) => (value as JsonObject | undefined)?.[step], object) as Pod | undefined;
}

function changesImages({ spec }: Pod, { spec: old }: Pod): boolean {
  type Images = readonly { readonly name: string; readonly image?: string }[];
  const differ = (now: Images = [], before: Images = []) =>
    now.length !== before.length || now.some(({ image }, index) => image !== before[index]!.image);
  const ephemeral = (old.ephemeralContainers ?? []) as Images;
  return (
    differ(spec.containers, old.containers) ||
    differ(spec.initContainers, old.initContainers) ||
    ((spec.ephemeralContainers ?? []) as Images).some(
      ({ name, image }) => ephemeral.find((each) => each.name === name)?.image !== image,
    )
  );
}

async function reviewPod(
  request: AdmissionRequest,
  pass: AdmissionPass,
  { policy, errors }: ParsedPolicy,
  isPod: boolean,
): Promise<undefined> {
  const pod = podOf(request, isPod);
  if (!pod?.spec) return undefined;
  // Few clusters label their namespaces.
  const { violations, details } = await import('./evaluate.ts');
  const { enforce, audit, warn } = policy;
  const found = (wanted: typeof enforce) => violations(wanted, pod.spec, pod.metadata?.annotations);
  if (errors.length > 0) {
    const texts = errors.map(({ field, message }) => `${field}: ${message}`);
    const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
    pass.annotate(`${prefix}error`, `Failed to parse policy: ${text}`);
  }
  if (isPod) pass.annotate(`${prefix}enforce-policy`, shownVersion(enforce));
  const audited = found(audit);
  if (audited.length > 0) {
    const text = `would violate PodSecurity ${JSON.stringify(shownVersion(audit))}: ${details(audited)}`;
    pass.annotate(`${prefix}audit-violations`, text);
  }
  const enforced = isPod ? found(enforce) : [];
  if (enforced.length > 0) {
    const text = `violates PodSecurity ${JSON.stringify(shownVersion(enforce))}: ${details(enforced)}`;
    throw forbidden(request.path, request.path.name ?? '', text);
  }
  const warned = found(warn);
  if (warned.length > 0) {
    pass.warn(`would violate PodSecurity ${JSON.stringify(shownVersion(warn))}: ${details(warned)}`);
  }
  return undefined;
}

/** Labels must say something that can be enforced; a stricter level warns of the Pods that are there. */
function reviewNamespace(ground: PodSecurityGround, { object, oldObject, operation, path }: AdmissionRequest) {
  const parsed = policyOf(object!);
  const refused = () => invalid({ group: '', kind: 'Namespace' }, path.name ?? '', parsed.errors);
  if (operation === 'CREATE') {
    if (parsed.errors.length > 0) throw refused();
    return undefined;
  }
  const old = policyOf(oldObject!);
  if (parsed.errors.length > 0 && !deepEqual(parsed.errors, old.errors)) throw refused();
  const [now, before] = [parsed.policy.enforce, old.policy.enforce];
  if (sameVersion(now, before) || now.level === 'privileged') return undefined;
  if (now.minor === before.minor && !isStricter(now.level, before.level)) return undefined;
  return existingPods(ground, object as UnstructuredObject);
}

async function existingPods({ pods }: PodSecurityGround, namespace: UnstructuredObject) {
  const { namespaceWarnings } = await import('./existing.ts');
  const { name = '' } = namespace.metadata;
  const { enforce } = policyOf(namespace).policy;
  return { allowed: true, warnings: namespaceWarnings(name, enforce, pods(name) as readonly Pod[]) } as const;
}
