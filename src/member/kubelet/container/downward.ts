/** What a Pod can be told about itself: fields and resources of the downward API. Pure. */
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '#apis/kubernetes/types.ts';
import { parseQuantity, quantityValue } from '#kube/quantity/quantity.ts';

const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/;

/** As files have maps: a line for each key, sorted, the value as Go quotes it. */
const mapText = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

export function fieldValue(pod: Pod, { fieldPath }: ObjectFieldSelector): string {
  const { metadata, spec, status } = pod;
  const match = keyed.exec(fieldPath);
  if (match) return metadata[match[1] as 'labels' | 'annotations']?.[match[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return mapText(metadata.labels);
    case 'metadata.annotations':
      return mapText(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
      return status?.hostIP ?? '';
    case 'status.hostIPs':
      return (status?.hostIPs ?? []).map(({ ip }) => ip).join(',');
    case 'status.podIP':
      return status?.podIP ?? '';
    case 'status.podIPs':
      return (status?.podIPs ?? []).map(({ ip }) => ip).join(',');
    default:
      return '';
  }
}

/** What a node of ours has, which a container without a limit may use. */
const wholeNode: Readonly<Record<string, string>> = {
  cpu: '64',
  memory: '256Gi',
  'ephemeral-storage': '500Gi',
};

export function resourceValue(container: Container, { resource, divisor }: ResourceFieldSelector): string {
  const dot = resource.indexOf('.');
  const [kind, name] = [resource.slice(0, dot), resource.slice(dot + 1)];
  const { limits, requests } = container.resources ?? {};
  const amount = kind === 'requests' ? (requests?.[name] ?? '0') : (limits?.[name] ?? wholeNode[name] ?? '0');
  const unit = quantityValue(parseQuantity(divisor && divisor !== '0' ? divisor : '1'));
  return String(Math.ceil(quantityValue(parseQuantity(amount)) / unit));
}
