/** Objects a kubelet reads for its Pods: as its node's own user, who may see what its Pods use. */
import { ConfigMaps, type Pod, Secrets, ServiceAccounts, type TokenRequest } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';

type Data = Readonly<Record<string, Buffer>>;

export interface ObjectLookup {
  /** Undefined when it is not there. */
  readonly configMap: (namespace: string, name: string) => Promise<Data | undefined>;
  readonly secret: (namespace: string, name: string) => Promise<Data | undefined>;
  /** Of the Pod's account, bound to the Pod. */
  readonly token: (pod: Pod, audience: string | undefined, seconds: number) => Promise<string | undefined>;
}

const found = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
};

const buffers = (texts: Readonly<Record<string, string>> = {}, encoding: 'utf8' | 'base64'): [string, Buffer][] =>
  Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, encoding)]);

export function objectLookup(client: ApiClient): ObjectLookup {
  return {
    configMap: async (namespace, name) => {
      const object = await found(client.resource(ConfigMaps).get({ namespace, name }));
      return object && Object.fromEntries([...buffers(object.data, 'utf8'), ...buffers(object.binaryData, 'base64')]);
    },
    secret: async (namespace, name) => {
      const object = await found(client.resource(Secrets).get({ namespace, name }));
      return object && Object.fromEntries(buffers(object.data, 'base64'));
    },
    token: async ({ metadata, spec }, audience, expirationSeconds) => {
      const { namespace = '', name = '', uid = '' } = metadata;
      const account = spec.serviceAccountName ?? 'default';
      const asked: TokenRequest = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: { namespace, name: account },
        spec: {
          audiences: audience === undefined ? [] : [audience],
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      };
      const accounts = client.resource<KubeObject>(ServiceAccounts);
      const answer = await found(accounts.create(asked, { subresource: 'token' }));
      return (answer as TokenRequest | undefined)?.status?.token;
    },
  };
}
