/** Warnings about Pods and templates: what works, but not as its author may think. */
import { dns1123Label } from '#kube/names/validate.ts';
import { formatQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../value.ts';
import { environmentWarnings, portWarnings } from './containers.ts';

/** Volume types that went away, with what kube-apiserver says of them. */
const retiredVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const retiredLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
};
const retiredSince: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'v1.14',
  'beta.kubernetes.io/os': 'v1.14',
};

const retiredAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'seccomp.security.alpha.kubernetes.io/pod': 'non-functional in v1.27+; use the "seccompProfile" field instead',
};

const labelWarning = (key: string): string | undefined =>
  Object.hasOwn(retiredLabels, key)
    ? `deprecated since ${retiredSince[key] ?? 'v1.17'}; use "${retiredLabels[key]}" instead`
    : undefined;

/** Containers in the order in which warnings visit them, with their paths. */
export type PlacedContainer = readonly [string, Fields];

/** `path` is '' for a Pod, the template's path otherwise. */
export function podWarnings(path: string, template: Fields): readonly string[] {
  const warnings: string[] = [];
  const spec = fieldsOf(template.spec);
  const at = path === '' ? 'spec' : `${path}.spec`;
  for (const key in fieldsOf(spec.nodeSelector)) {
    const why = labelWarning(key);
    if (why !== undefined) warnings.push(`${at}.nodeSelector[${key}]: ${why}`);
  }
  spreadWarnings(warnings, at, spec);
  const annotations = fieldsOf(fieldsOf(template.metadata).annotations);
  const metadata = path === '' ? 'metadata' : `${path}.metadata`;
  for (const [key, why] of Object.entries(retiredAnnotations)) {
    if (annotations[key] !== undefined) warnings.push(`${metadata}.annotations[${key}]: ${why}`);
  }
  volumeWarnings(warnings, at, spec);
  repeatWarnings(warnings, at, spec);
  const containers = placedContainers(at, spec);
  for (const [place, container] of containers) {
    amountWarnings(warnings, place, container);
    environmentWarnings(warnings, place, container);
  }
  portWarnings(warnings, containers);
  const grace = spec.terminationGracePeriodSeconds;
  if (typeof grace === 'number' && grace < 0) {
    const why = 'must be >= 0; negative values are invalid and will be treated as 1';
    warnings.push(`${at}.terminationGracePeriodSeconds: ${why}`);
  }
  affinityWarnings(warnings, at, fieldsOf(spec.affinity));
  return warnings;
}

function placedContainers(at: string, spec: Fields): readonly PlacedContainer[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    itemsOf(spec[list]).map((container, index): PlacedContainer => [`${at}.${list}[${index}]`, container]),
  );
}

const noSelector = 'a null labelSelector results in matching no pod';

function spreadWarnings(warnings: string[], at: string, spec: Fields): void {
  for (const [index, constraint] of itemsOf(spec.topologySpreadConstraints).entries()) {
    const place = `${at}.topologySpreadConstraints[${index}]`;
    const key = textOf(constraint.topologyKey);
    const why = labelWarning(key);
    if (why !== undefined) warnings.push(`${place}.topologyKey: ${key} is ${why}`);
    if (!isFields(constraint.labelSelector)) warnings.push(`${place}.labelSelector: ${noSelector}`);
  }
}

function affinityWarnings(warnings: string[], at: string, affinity: Fields): void {
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    const {
      requiredDuringSchedulingIgnoredDuringExecution: required,
      preferredDuringSchedulingIgnoredDuringExecution: preferred,
    } = fieldsOf(affinity[name]);
    const place = `${at}.affinity.${name}`;
    for (const [index, term] of itemsOf(required).entries()) {
      if (isFields(term.labelSelector)) continue;
      warnings.push(`${place}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector: ${noSelector}`);
    }
    for (const [index, each] of itemsOf(preferred).entries()) {
      if (isFields(fieldsOf(each.podAffinityTerm).labelSelector)) continue;
      const term = `${place}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`;
      warnings.push(`${term}.labelSelector: ${noSelector}`);
    }
  }
}

function volumeWarnings(warnings: string[], at: string, spec: Fields): void {
  for (const [index, volume] of itemsOf(spec.volumes).entries()) {
    for (const name in volume) {
      if (Object.hasOwn(retiredVolumes, name))
        warnings.push(`${at}.volumes[${index}].${name}: ${retiredVolumes[name]}`);
    }
    const claim = fieldsOf(volume.ephemeral).volumeClaimTemplate;
    const place = `${at}.volumes[${index}].ephemeral.volumeClaimTemplate.spec`;
    if (isFields(claim)) warnings.push(...claimWarnings(place, fieldsOf(claim.spec)));
  }
}

/** Storage in fractions of a byte. */
export function claimWarnings(path: string, spec: Fields): readonly string[] {
  const { requests, limits } = fieldsOf(spec.resources);
  return [
    ...fractionWarning(`${path}.resources.requests[storage]`, fieldsOf(requests).storage),
    ...fractionWarning(`${path}.resources.limits[storage]`, fieldsOf(limits).storage),
  ];
}

function fractionWarning(path: string, amount: unknown): readonly string[] {
  if (typeof amount !== 'string' || !/[munE.]/.test(amount)) return [];
  const quantity = parseQuantity(amount);
  if (quantity.nano % 1_000_000_000n === 0n) return [];
  return [`${path}: fractional byte value "${formatQuantity(quantity)}" is invalid, must be an integer`];
}

function amountWarnings(warnings: string[], place: string, container: Fields): void {
  const resources = fieldsOf(container.resources);
  for (const name of ['memory', 'ephemeral-storage']) {
    for (const side of ['limits', 'requests']) {
      warnings.push(...fractionWarning(`${place}.resources.${side}[${name}]`, fieldsOf(resources[side])[name]));
    }
  }
}

function repeatWarnings(warnings: string[], at: string, spec: Fields): void {
  repeated(warnings, `${at}.hostAliases`, itemsOf(spec.hostAliases), 'ip');
  const secrets = itemsOf(spec.imagePullSecrets);
  repeated(warnings, `${at}.imagePullSecrets`, secrets, 'name');
  for (const [index, { name }] of secrets.entries()) {
    if (!name) warnings.push(`${at}.imagePullSecrets[${index}].name: invalid empty name ""`);
  }
}

function repeated(warnings: string[], path: string, items: readonly Fields[], field: string): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const value = textOf(item[field]);
    if (seen.has(value)) warnings.push(`${path}[${index}].${field}: duplicate ${field} ${JSON.stringify(value)}`);
    seen.add(value);
  }
}

/** Names that are longer than a label make odd host names. */
export function nameWarnings(name: string | undefined, usedIn: string): readonly string[] {
  const texts = dns1123Label(name ?? '');
  if (texts.length === 0) return [];
  const why = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${usedIn}, ${why}: [${texts.join(' ')}]`];
}
