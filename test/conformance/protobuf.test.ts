/** What a real kube-apiserver stores, listed in JSON and in protobuf: our codec makes each of the other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { protobufMessage } from '#apis/kubernetes/protobuf.ts';
import { httpClient } from '#client/http.ts';
import { kubectl } from '#harness/kubectl.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { type RealKubernetes, startRealKubernetes, workloadControllers } from '#harness/real-kubernetes.ts';
import { until } from '#harness/until.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { createCodec } from '#kube/protobuf/codec.ts';
import { systemClock } from '#world/clock/system.ts';
import { createHttpAgent, type HttpAgent } from '#world/network/http-client.ts';

const codec = createCodec(protobufMessage);
const labels = { app: 'web' };
const probe = { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 };
const container = {
  name: 'c',
  image: 'nginx',
  ports: [{ name: 'http', containerPort: 80 }],
  resources: { requests: { cpu: '0.5', memory: '128Mi' } },
  env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  readinessProbe: probe,
  securityContext: { runAsUser: 1_000, capabilities: { drop: ['ALL'] } },
  volumeMounts: [{ name: 'settings', mountPath: '/etc/settings' }],
};
const template = {
  metadata: { labels },
  spec: {
    containers: [container],
    volumes: [
      { name: 'settings', configMap: { name: 'settings', optional: true } },
      { name: 'empty', emptyDir: { sizeLimit: '1Gi' } },
    ],
    affinity: {},
    tolerations: [{ operator: 'Exists', tolerationSeconds: 30, effect: 'NoExecute' }],
  },
};
const metadata = { name: 'web', namespace: 'default' };
const samples = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata, data: { a: '/w==', b: '' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '日本' }, binaryData: { b: 'AAE=' } },
];

describe.skipIf(absentBinaries().length > 0)('of a real kube-apiserver', () => {
  let real: RealKubernetes;
  let agent: HttpAgent;

  beforeAll(async () => {
    real = await startRealKubernetes({ controllers: workloadControllers });
    const client = httpClient({ name: 'real', config: real.access, clock: systemClock, userAgent: 'test' });
    const hands = kubectl(client);
    for (const sample of samples) await hands.create(sample);
    await until('two Pods', async () => (await hands.list('v1', 'Pod', 'default')).length === 2);
    client.close();
    const { certificateAuthority, clientCertificate, clientKey } = real.access as unknown as Record<
      string,
      { pem: string }
    >;
    agent = createHttpAgent({ ca: certificateAuthority!.pem, cert: clientCertificate!.pem, key: clientKey!.pem });
  });

  afterAll(async () => {
    await agent?.close();
    await real?.stop();
  });

  async function read(path: string, accept: string): Promise<Buffer> {
    const answer = await agent.request({ url: real.access.server + path, headers: { accept } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.stream) chunks.push(chunk);
    expect(answer.status, path).toBe(200);
    return Buffer.concat(chunks);
  }

  type Listed = { readonly items: readonly (KubeObject & JsonObject)[] | null };

  /** Objects by name and version: between two lists some may have changed. */
  const byVersion = ({ items }: Listed) =>
    new Map(
      (items ?? []).map((item) => [
        `${item.metadata.namespace}/${item.metadata.name}/${item.metadata.resourceVersion}`,
        item,
      ]),
    );

  const listable = builtinKinds().filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'));

  test('every list', async () => {
    let compared = 0;
    for (const { group, version, resource } of listable) {
      const path = `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`;
      const bytes = await read(path, 'application/vnd.kubernetes.protobuf');
      const list = codec.decode(bytes);
      expect(codec.encode(list).equals(bytes), path).toBe(true);
      const text = byVersion(JSON.parse((await read(path, 'application/json')).toString()) as Listed);
      for (const [name, item] of byVersion(list as unknown as Listed)) {
        if (!text.has(name)) continue;
        compared += 1;
        expect(item, path).toEqual(text.get(name));
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});
