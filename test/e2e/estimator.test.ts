/**
 * karmada-scheduler-estimator as a process of its own on a simulated member: asked by a client that knows nothing of us,
 * and by our scheduler in another process, over mutual TLS.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram, type StartedCommand, start } from '#harness/command.ts';
import { freePorts } from '#harness/free-ports.ts';
import { flotilla } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { until } from '#harness/until.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';

const home = newHome();
const processes: StartedCommand[] = [];
let up: RunningUp;
let port: number;
let metricsPort: number;

const file = (name: string) => join(home.folder, name);
const pem: Record<string, string> = {};

beforeAll(async () => {
  const authority = await createCertificateAuthority('estimators', systemClock);
  const serving = await authority.issueServer({ commonName: 'estimator', hosts: ['localhost', '127.0.0.1'] });
  const client = await authority.issueClient({ user: 'karmada-scheduler', groups: [] });
  Object.assign(pem, {
    'ca.crt': authority.cert,
    'server.crt': serving.cert,
    'server.key': serving.key,
    'client.crt': client.cert,
    'client.key': client.key,
  });
  for (const [name, text] of Object.entries(pem)) writeFileSync(file(name), text, { mode: 0o600 });
  up = await runningUp(home, ['--members', '1']);
  [port, metricsPort] = (await freePorts(2)) as [number, number];
});

afterAll(async () => {
  for (const each of processes) each.signal('SIGKILL');
  await up.stop();
  home.remove();
});

async function says(words: readonly string[], input = ''): Promise<string> {
  const { node, script } = await flotilla();
  const { code, output, errors } = await runProgram(node, [script, ...words], { environment: home.environment, input });
  if (code !== 0) throw new Error(errors);
  return output;
}

async function component(words: readonly string[], config: string, context: string): Promise<StartedCommand> {
  const { node, script } = await flotilla();
  const kubeconfig = ['--kubeconfig', join(home.kubeconfigs, config), '--context', context];
  const started = start(node, [script, ...words, ...kubeconfig], { environment: home.environment });
  processes.push(started);
  return started;
}

const startEstimator = () =>
  component(
    [
      'scheduler-estimator',
      '--cluster-name=member1',
      `--server-port=${port}`,
      `--grpc-auth-cert-file=${file('server.crt')}`,
      `--grpc-auth-key-file=${file('server.key')}`,
      `--grpc-client-ca-file=${file('ca.crt')}`,
      `--metrics-bind-address=127.0.0.1:${metricsPort}`,
      '--health-probe-bind-address=0',
    ],
    'members.config',
    'member1',
  );

const get = (path: string) => fetch(`http://127.0.0.1:${metricsPort}${path}`);

/** A client of the reference's protocol that shares no code with ours. */
async function askPlainly(certificate: boolean, cluster = 'member1'): Promise<unknown> {
  const { root } = protobuf.parse(`
    syntax = "proto2";
    message Quantity { optional string string = 1; }
    message ReplicaRequirements { map<string, Quantity> resourceRequest = 2; }
    message Request { optional string cluster = 1; optional ReplicaRequirements replicaRequirements = 2; }
    message Response { optional int32 maxReplicas = 1; }
  `);
  const [request, response] = [root.lookupType('Request'), root.lookupType('Response')];
  const buffer = (name: string) => Buffer.from(pem[name]!);
  const access = certificate
    ? credentials.createSsl(buffer('ca.crt'), buffer('client.key'), buffer('client.crt'))
    : credentials.createSsl(buffer('ca.crt'));
  const client = new Client(`localhost:${port}`, access, { 'grpc.enable_http_proxy': 0 });
  const asked = { cluster, replicaRequirements: { resourceRequest: { cpu: { string: '3' } } } };
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        '/github.com.karmada_io.karmada.pkg.estimator.service.Estimator/MaxAvailableReplicas',
        (value: object) => Buffer.from(request.encode(request.fromObject(value)).finish()),
        (bytes: Buffer) => response.toObject(response.decode(bytes)),
        asked,
        { deadline: Date.now() + 20_000 },
        (error, answer) => (error ? reject(error) : resolve(answer)),
      );
    });
  } finally {
    client.close();
  }
}

test('answers who speaks the protocol and shows a certificate', { timeout: 60_000 }, async () => {
  await startEstimator();
  await until('the estimator is ready', async () => (await get('/readyz')).ok);
  // Two nodes of 64 CPUs each: 21 times 3 on either.
  expect(await askPlainly(true)).toEqual({ maxReplicas: 42 });
  await expect(askPlainly(true, 'member2')).rejects.toMatchObject({
    code: 2,
    details: 'cluster name does not match, got: member2, desire: member1',
  });
  await expect(askPlainly(false)).rejects.toMatchObject({ code: 14 });
});

const template = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { nodeSelector: { disk: 'fast' }, containers: [{ name: 'web', image: 'nginx' }] },
    },
  },
});
const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'by-room' },
  spec: {
    // The embedded scheduler leaves its bindings alone.
    schedulerName: 'estimating',
    placement: {
      clusterAffinity: { clusterNames: ['member1'] },
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      },
    },
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
  },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'karmada-scheduler-estimator-member1', namespace: 'karmada-system' },
  spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: 10_352, targetPort: 0 }] },
};

interface Binding {
  readonly spec: { readonly clusters?: readonly object[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
}
const binding = async (name: string) =>
  JSON.parse(await says(['get', 'rb', `${name}-deployment`, '-o', 'json'])) as Binding;

test('our scheduler finds it by its Service, and decides by what it says', { timeout: 60_000 }, async () => {
  const found = { ...service, spec: { ...service.spec, ports: [{ port: 10_352, targetPort: port }] } };
  const objects = [found, template('web'), policy];
  await says(['apply', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  await component(
    [
      'scheduler',
      '--scheduler-name=estimating',
      '--leader-elect=false',
      '--metrics-bind-address=0',
      '--health-probe-bind-address=0',
      '--enable-scheduler-estimator',
      `--scheduler-estimator-ca-file=${file('ca.crt')}`,
      `--scheduler-estimator-cert-file=${file('client.crt')}`,
      `--scheduler-estimator-key-file=${file('client.key')}`,
    ],
    'karmada.config',
    'karmada-apiserver',
  );
  // The summary of the cluster has room for thousands; no node has the label.
  await until('it is told that there is no room', async () =>
    (await binding('web')).status?.conditions?.some(
      ({ type, message }) => type === 'Scheduled' && message?.includes('Clusters available replicas 0 are not enough'),
    ),
  );
  await says(['label', 'node', 'member1-node1', 'disk=fast', '--context', 'member1']);
  await until('there is room', async () => (await binding('web')).spec.clusters);
  expect((await binding('web')).spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
  const total = 'karmada_scheduler_estimator_estimating_request_total{result="success",type="MaxAvailableReplicas"}';
  expect(await (await get('/metrics')).text()).toContain(total);
});

test('where it is dead, the summary of the cluster counts alone', { timeout: 60_000 }, async () => {
  const [estimator] = processes;
  estimator!.signal('SIGKILL');
  await estimator!.ended;
  await says(['apply', '-f', '-'], JSON.stringify(template('later')));
  await until('it is scheduled all the same', async () => (await binding('later')).spec.clusters);
});
