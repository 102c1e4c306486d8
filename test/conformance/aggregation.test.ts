/** Our API server behind a real kube-apiserver's aggregator, and a real kube-apiserver behind ours. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { runProgram, start } from '#harness/command.ts';
import { kubeconfigOf } from '#harness/credentials.ts';
import { absentBinaries, binaryPath } from '#harness/real-binaries.ts';
import { kubeconfigText, type RealKubernetes, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { until } from '#harness/until.ts';
import { harbourApi, harbourService, Ship } from '#server/aggregation/two-servers.fixture.ts';
import { type Embedded, embeddedServer } from '#server/embedded.fixture.ts';
import type { ApiListener } from '#server/http/listen.ts';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-aggregation-'));

/** kubectl on one of the servers. */
const kubectlOn = (name: string, kubeconfig: string) => {
  const file = join(folder, name);
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  return async (words: string, input?: object): Promise<string> => {
    const args = ['--kubeconfig', file, '--cache-dir', `${file}-cache`, ...words.split(' ')];
    const said = await runProgram(binaryPath('kubectl'), args, input ? { input: JSON.stringify(input) } : {});
    return said.code === 0 ? said.output.trim() : `exit ${said.code}: ${said.errors.trim()}`;
  };
};

type Kubectl = ReturnType<typeof kubectlOn>;

/** A resource of the group through kubectl: every verb, and a watch that sees it all. */
async function sail(kubectl: Kubectl, kind: string, sample: (name: string) => object, change: string): Promise<void> {
  expect(await kubectl('create -f -', sample('one'))).toMatch(/one created$/);
  expect(await kubectl('apply --server-side -f -', sample('two'))).toMatch(/two serverside-applied$/);
  expect(await kubectl(`get ${kind} -o name`)).toMatch(/\/one\n.*\/two$/);
  expect(await kubectl(`patch ${kind} one --type=merge -p ${change}`)).toMatch(/one patched$/);
  expect(await kubectl(`get ${kind} one -o jsonpath={.metadata.labels.a}`)).toBe('b');
  expect(await kubectl(`delete ${kind} one two`)).toMatch(/"one" deleted[\s\S]*"two" deleted/);
  expect(await kubectl(`get ${kind} one`)).toMatch(/^exit 1: Error from server \(NotFound\)/);
}

const labelled = '{"metadata":{"labels":{"a":"b"}}}';

describe.skipIf(absentBinaries().length > 0)('aggregation with a real kube-apiserver', { timeout: 120_000 }, () => {
  let frontProxy: CertificateAuthority;
  let client: KeyPair;
  let real: RealKubernetes;
  let own: Embedded;
  let listener: ApiListener;
  let onReal: Kubectl;
  let onOwn: Kubectl;

  beforeAll(async () => {
    frontProxy = await createCertificateAuthority('front-proxy-ca', systemClock);
    client = await frontProxy.issueClient({ user: 'front-proxy-client', groups: [] });
    real = await startRealKubernetes({ frontProxy: { ca: frontProxy.cert, ...client } });
    own = await embeddedServer({
      name: 'own',
      kinds: [...builtinKinds().filter(({ group }) => group !== 'batch'), Ship],
      hosts: ['harbour.default.svc'],
      frontProxies: { ca: frontProxy.cert, allowedNames: ['front-proxy-client'] },
      aggregation: { frontProxyCa: frontProxy.cert, client },
    });
    listener = await own.listen();
    const identity = await own.authority.issueClient({ user: 'sailor', groups: ['system:masters'] });
    onOwn = kubectlOn('own', kubeconfigText(listener.url, own.authority.cert, identity));
    onReal = kubectlOn('real', kubeconfigOf(real.access));
  }, 120_000);
  afterAll(async () => {
    await listener?.close(0);
    own?.server.stop();
    await real?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const available = async (kubectl: Kubectl, name: string) =>
    (await kubectl(`get apiservice ${name} -o jsonpath={.status.conditions[?(@.type=="Available")].status}`)) ===
    'True';

  it('ours serves behind the real one', async () => {
    await onReal('create -n default -f -', harbourService());
    await onReal('create -f -', harbourApi(listener.port, own.authority.cert));
    await until('it is available', () => available(onReal, 'v1.harbour.example.com'), 30_000);
    await until(
      'it is discovered',
      async () => (await onReal('api-resources')).includes('harbour.example.com/v1'),
      30_000,
    );
    const ship = (name: string) => ({
      apiVersion: 'harbour.example.com/v1',
      kind: 'Ship',
      metadata: { name },
      spec: { crew: 3 },
    });
    await sail(onReal, 'ships', ship, labelled);
    // The real one gathers the documents of others in its own time.
    await until('it is explained', async () => (await onReal('explain ship.spec.crew')).includes('How many.'), 60_000);
    const watching = start(binaryPath('kubectl'), [
      '--kubeconfig',
      real.kubeconfig,
      'get',
      'ships',
      '--watch',
      '-o',
      'name',
    ]);
    await onReal('create -f -', ship('watched'));
    await until('the watch has it', async () => watching.output().includes('watched'), 30_000);
    watching.signal('SIGKILL');
    await watching.ended;
  });

  it('the real one serves behind ours', async () => {
    // Of Kubernetes' groups, one that this server of ours does not have.
    const { port } = new URL(real.access.server);
    const service = { ...harbourService(), metadata: { name: 'kubernetes-api' } };
    await onOwn('create -n default -f -', service);
    await onOwn('create -f -', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.batch' },
      spec: {
        group: 'batch',
        version: 'v1',
        groupPriorityMinimum: 17_400,
        versionPriority: 15,
        insecureSkipTLSVerify: true,
        service: { name: 'kubernetes-api', namespace: 'default', port: Number(port) },
      },
    });
    await until('it is available', () => available(onOwn, 'v1.batch'), 30_000);
    const job = (name: string) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } } },
        },
      },
    });
    await sail(onOwn, 'cronjobs', job, labelled);
    expect(await onOwn('explain cronjob.spec.schedule')).toContain('Cron format');
    expect(await onOwn('explain cronjob.spec.schedule --output plaintext-openapiv2')).toContain('schedule <string>');
    expect(await onOwn('auth can-i create cronjobs')).toBe('yes');
    await onReal('create -f -', job('seen'));
    expect(await onOwn('get cronjobs -o name')).toBe('cronjob.batch/seen');
    await onOwn('delete apiservice v1.batch');
    expect(await onOwn('get --raw /apis/batch/v1')).toMatch(/^exit 1/);
  });
});
