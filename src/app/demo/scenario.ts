/** The sample application: manifests of data/scenarios/demo, made in a cluster the way kubectl apply makes them. */
import { lastApplied } from '#apis/names/annotations.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import type { Disk } from '#world/disk/disk.ts';
import { programRoot } from '#world/process/root.ts';

/** The field manager under which kubectl's client-side apply writes. */
const kubectlManager = 'kubectl-client-side-apply';

/** Objects in the order of the files and of the documents in them. */
export async function readScenario(disk: Disk, name: string): Promise<readonly KubeObject[]> {
  const folder = `${programRoot()}/data/scenarios/${name}`;
  const files = (await disk.list(folder)) ?? [];
  const texts = await Promise.all(
    files.filter((file) => file.endsWith('.yaml')).map((file) => disk.readText(`${folder}/${file}`)),
  );
  return texts
    .flatMap((text) => parseYamlDocuments(text ?? ''))
    .filter((document) => document !== null) as unknown as KubeObject[];
}

/** As kubectl apply creates it: with the record of what was applied. */
function recorded(object: KubeObject, namespace: string | undefined): KubeObject {
  const { annotations = {} } = object.metadata;
  const metadata = { ...object.metadata, ...(namespace ? { namespace } : {}) };
  const text = JSON.stringify({ ...object, metadata: { ...metadata, annotations } });
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [lastApplied]: `${text}\n` } } };
}

/** Creates every object that is not there; `each` hears of each one. Without a namespace they go to `default`. */
export async function createAll(
  client: ApiClient,
  mapper: RestMapper,
  objects: readonly KubeObject[],
  each: (object: KubeObject) => void = () => {},
): Promise<void> {
  for (const object of objects) {
    const ref = await mapper.forKind(gvkOf(object));
    const namespace = ref.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    try {
      await client.resource<KubeObject>(ref).create(recorded(object, namespace), { fieldManager: kubectlManager });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
    each(object);
  }
}
