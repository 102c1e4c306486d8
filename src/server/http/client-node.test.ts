/**
 * An ordinary client library works against the embedded server: the Kubernetes project's own JavaScript client, with
 * its typed calls, its generic ones and its informer.
 */
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { embeddedServer } from '../embedded.fixture.ts';
import type { ApiServer } from '../serve.ts';
import type { ApiListener } from './listen.ts';

let server: ApiServer;
let listener: ApiListener;
const config = new KubeConfig();
const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeAll(async () => {
  const embedded = await embeddedServer({
    name: 'test',
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount'],
  });
  const { authority } = embedded;
  server = embedded.server;
  listener = await embedded.listen();
  const { cert, key } = await authority.issueClient({ user: 'admin', groups: ['system:masters'] });
  config.loadFromClusterAndUser(
    { name: 'test', server: listener.url, caData: base64(authority.cert), skipTLSVerify: false },
    { name: 'admin', certData: base64(cert), keyData: base64(key) },
  );
});

afterAll(async () => {
  server.stop();
  await listener.close();
});

const labels = { app: 'web' };

describe('the Kubernetes JavaScript client', () => {
  test('creates, reads, scales and deletes a Deployment by its typed calls', async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const body = {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
      },
    };
    const created = await apps.createNamespacedDeployment({ namespace: 'default', body });
    expect(created.spec?.replicas).toBe(1);
    const scale = await apps.readNamespacedDeploymentScale({ namespace: 'default', name: 'web' });
    await apps.replaceNamespacedDeploymentScale({
      namespace: 'default',
      name: 'web',
      body: { metadata: scale.metadata, spec: { replicas: 3 } },
    });
    const { items } = await apps.listNamespacedDeployment({ namespace: 'default', labelSelector: '!missing' });
    expect(items.map(({ metadata, spec }) => [metadata?.name, spec?.replicas])).toEqual([['web', 3]]);
    await apps.deleteNamespacedDeployment({ namespace: 'default', name: 'web' });
    await expect(apps.readNamespacedDeployment({ namespace: 'default', name: 'web' })).rejects.toMatchObject({
      code: 404,
    });
  });

  test('finds kinds by discovery and patches them', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'settings' },
      data: { colour: 'red' },
    };
    await objects.create(object);
    const patched = await objects.patch({ ...object, data: { colour: 'blue' } });
    expect((patched as V1ConfigMap).data).toEqual({ colour: 'blue' });
  });

  test('follows a list with its informer', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const list = () => core.listNamespacedConfigMap({ namespace: 'default' });
    const informer = makeInformer<V1ConfigMap>(config, '/api/v1/namespaces/default/configmaps', list);
    const added = new Promise<void>((resolve) => {
      informer.on('add', ({ metadata }) => metadata?.name === 'late' && resolve());
    });
    await informer.start();
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'late' } } });
    await added;
    await informer.stop();
  });
});
