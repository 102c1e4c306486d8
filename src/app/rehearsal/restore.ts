/** Snapshots as records of a store: each object in its stored form, made livable where the simulation knows less than the real cluster. Pure. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { CustomResourceDefinition, Node, Pod, Service } from '#apis/kubernetes/types.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { ResourceSnapshot } from '#migrate/rehearse/sandbox.ts';
import { kindRegistry } from '#server/registry/kinds/registry.ts';
import { storageName, toStorage } from '#server/registry/kinds/served.ts';
import type { RestoredRecord } from '#server/storage/memory.ts';

export interface Restored {
  readonly records: readonly RestoredRecord[];
  /** Resources whose objects no server here can hold: another API server behind the real one has them. */
  readonly unknown: readonly string[];
}

/** `own`: kinds the server has besides Kubernetes' own and those of definitions in the snapshot. */
export function restored(
  space: string,
  resources: readonly ResourceSnapshot[],
  own: readonly KindDefinition[] = [],
): Restored {
  const kinds = kindRegistry([...builtinKinds(), ...own]);
  const defined = new Set(
    objectsOf<CustomResourceDefinition>(resources, 'apiextensions.k8s.io', 'customresourcedefinitions').map(
      ({ spec }) => `${spec?.group}/${spec?.names?.plural}`,
    ),
  );
  const loaded = new Set(resources.flatMap(({ objects }) => objects.map(({ metadata }) => metadata.uid)));
  const unknown: string[] = [];
  const records = resources.flatMap(({ resource, objects }) => {
    const { group, version, resource: plural } = resource;
    const served = kinds.find(group, version, plural);
    if (!served && !defined.has(`${group}/${plural}`)) {
      unknown.push([plural, group].filter(Boolean).join('.'));
      return [];
    }
    return objects.map((object, index): RestoredRecord => {
      const livable = madeLivable(withLoadedOwners(object, loaded), index);
      const { namespace = '', name = '' } = object.metadata;
      return {
        key: { space, resource: storageName(group, plural), namespace, name },
        object: served ? toStorage(served, livable) : livable,
      };
    });
  });
  return { records, unknown };
}

const objectsOf = <T>(resources: readonly ResourceSnapshot[], group: string, plural: string): readonly T[] =>
  resources
    .filter(({ resource }) => resource.group === group && resource.resource === plural)
    .flatMap(({ objects }) => objects as unknown as readonly T[]);

/** Whose owner is not there is collected as garbage; an owner that could not be read is no owner here. */
function withLoadedOwners(object: UnstructuredObject, loaded: ReadonlySet<string | undefined>): UnstructuredObject {
  const { ownerReferences, ...metadata } = object.metadata;
  const owners = ownerReferences?.filter(({ uid }) => loaded.has(uid)) ?? [];
  if (owners.length === (ownerReferences?.length ?? 0)) return object;
  return { ...object, metadata: owners.length > 0 ? { ...metadata, ownerReferences: owners } : metadata };
}

function madeLivable(object: UnstructuredObject, index: number): UnstructuredObject {
  if (object.apiVersion !== 'v1') return object;
  if (object.kind === 'Pod') return withStatedImages(object as unknown as Pod) as unknown as UnstructuredObject;
  return object.kind === 'Node'
    ? (withRange(object as unknown as Node, index) as unknown as UnstructuredObject)
    : object;
}

/**
 * A runtime tells an image by its full name (docker.io/library/nginx:1), a simulated kubelet by the Pod's own words; it
 * would take a container of another name for one whose image was changed, and start it again.
 */
function withStatedImages(pod: Pod): Pod {
  const statuses = pod.status?.containerStatuses;
  if (!statuses) return pod;
  const images = new Map(pod.spec.containers.map(({ name, image }) => [name, image]));
  const containerStatuses = statuses.map((each) => ({ ...each, image: images.get(each.name) ?? each.image }));
  return { ...pod, status: { ...pod.status, containerStatuses } };
}

/** Many networks hand out addresses by themselves; simulated kubelets need a range: of 100.64.0.0/10, a /24 for each. */
function withRange(node: Node, index: number): Node {
  if (node.spec?.podCIDR) return node;
  const podCIDR = `100.${64 + ((index >> 8) & 63)}.${index & 255}.0/24`;
  return { ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } };
}

export const nodeNames = (resources: readonly ResourceSnapshot[]): readonly string[] =>
  objectsOf<Node>(resources, '', 'nodes').map(({ metadata }) => metadata.name!);

/** Where Pods are said to run. */
export const nodesOfPods = (resources: readonly ResourceSnapshot[]): readonly string[] => [
  ...new Set(objectsOf<Pod>(resources, '', 'pods').flatMap(({ spec }) => spec.nodeName ?? [])),
];

const bitsOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** The smallest range, of 65,536 addresses at least, that holds every IPv4 address of a Service; undefined without any. */
export function serviceRange(resources: readonly ResourceSnapshot[]): string | undefined {
  const addresses = objectsOf<Service>(resources, '', 'services')
    .map(({ spec }) => spec?.clusterIP ?? '')
    .filter((address) => /^\d+\.\d+\.\d+\.\d+$/.test(address))
    .map(bitsOf);
  if (addresses.length === 0) return undefined;
  const [least, most] = [Math.min(...addresses), Math.max(...addresses)];
  let size = 2 ** 16;
  while (Math.floor(least / size) !== Math.floor(most / size)) size *= 2;
  const first = Math.floor(least / size) * size;
  const text = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
  return `${text}/${32 - Math.log2(size)}`;
}
