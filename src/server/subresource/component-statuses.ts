/** ComponentStatuses, which nobody stores: the store stands where etcd did; other components are not looked for. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { failure } from '#kube/status/status.ts';
import type { Storage } from '../registry/storage.ts';
import type { AnswerResource } from './table.ts';

const storeName = 'etcd-0';

async function storeStatus({ durable, revision }: Pick<Storage, 'durable' | 'revision'>) {
  try {
    await durable(revision());
    return { type: 'Healthy', status: 'True', message: 'ok' };
  } catch (error) {
    return { type: 'Healthy', status: 'False', message: error instanceof Error ? error.message : String(error) };
  }
}

const notFound = (name: string) =>
  failure('NotFound', `componentstatus "${name}" not found`, { name, kind: 'componentstatus' });

export const componentStatuses =
  (storage: Pick<Storage, 'durable' | 'revision'>): AnswerResource =>
  async ({ path: { name } }: ApiRequest): Promise<KubeObject> => {
    const kind = { apiVersion: 'v1', kind: 'ComponentStatus' };
    if (name !== undefined && name !== storeName) throw notFound(name);
    const status: UnstructuredObject = {
      ...kind,
      metadata: { name: storeName },
      conditions: [await storeStatus(storage)],
    };
    if (name !== undefined) return status;
    return { ...kind, kind: 'ComponentStatusList', metadata: {}, items: [status] } as unknown as KubeObject;
  };
