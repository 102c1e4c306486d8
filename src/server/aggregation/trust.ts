/** `kube-system/extension-apiserver-authentication`: how API servers behind this one know its front proxy and its users. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { timestamp } from '#world/clock/clock.ts';
import { ownScope } from '../flowcontrol/ensure.ts';
import type { Registry } from '../registry/context.ts';
import { mainDoor } from '../registry/write/door.ts';
import { updateWith } from '../registry/write/update.ts';

export interface Trust {
  /** PEM: whose client certificates are believed. */
  readonly clientCa?: string;
  /** PEM: whose certificates front proxies show, and under which names. */
  readonly frontProxyCa?: string;
}

const frontProxyName = 'front-proxy-client';

const [namespace, name] = ['kube-system', 'extension-apiserver-authentication'] as const;

const dataOf = ({ clientCa, frontProxyCa }: Trust): Readonly<Record<string, string>> => ({
  ...(clientCa ? { 'client-ca-file': clientCa } : {}),
  ...(frontProxyCa
    ? {
        'requestheader-allowed-names': JSON.stringify([frontProxyName]),
        'requestheader-client-ca-file': frontProxyCa,
        'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
        'requestheader-group-headers': '["X-Remote-Group"]',
        'requestheader-uid-headers': '["X-Remote-Uid"]',
        'requestheader-username-headers': '["X-Remote-User"]',
      }
    : {}),
});

type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

/** Written at start; what others have added to it stays. */
export async function publishTrust(registry: Registry, trust: Trust): Promise<void> {
  const { kinds, storage, world } = registry;
  const served = kinds.find('', 'v1', 'configmaps');
  if (!served) return;
  const place = { served, namespace, name };
  const data = dataOf(trust);
  const found = storage.get(place) as ConfigMap | undefined;
  if (!found) {
    const now = timestamp(world.clock.now());
    storage.create(place, bornConfigMap(data, world.random.uuid(), now));
    return;
  }
  if (deepEqual({ ...found.data, ...data }, found.data)) return;
  const scope = ownScope(served, name, 'kube-apiserver');
  const path = { ...scope.request.path, namespace };
  await updateWith(registry, { ...scope, namespace, request: { ...scope.request, path } }, mainDoor, (old) => ({
    object: { ...old, data: { ...(old as ConfigMap).data, ...data } } as KubeObject,
  }));
}

const bornConfigMap = (data: Readonly<Record<string, string>>, uid: string, now: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace,
    uid,
    creationTimestamp: now,
    managedFields: [
      {
        manager: 'kube-apiserver',
        operation: 'Update',
        apiVersion: 'v1',
        time: now,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, ...Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}])) } },
      },
    ],
  },
  data,
});
