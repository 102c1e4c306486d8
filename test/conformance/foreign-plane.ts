/** Our components as processes of their own on a real kube-apiserver: what an installation on Kubernetes is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpClient } from '#client/http.ts';
import { runProgram, type StartedCommand, start } from '#harness/command.ts';
import { freePorts } from '#harness/free-ports.ts';
import { type Kubectl, kubectl } from '#harness/kubectl.ts';
import { flotilla } from '#harness/program.ts';
import { type RealKubernetes, startRealKubernetes, workloadControllers } from '#harness/real-kubernetes.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';

/** What a control plane without Pods needs of kube-controller-manager, as the reference runs it. */
const planeControllers = [
  'namespace-controller',
  'garbage-collector-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
];

export interface ForeignPlane {
  readonly control: Kubectl;
  readonly member: Kubectl;
  readonly memberKubeconfig: string;
  /** One call of the program on the control plane; fails with its own words. */
  readonly says: (words: readonly string[], input?: string) => Promise<string>;
  readonly startComponents: () => Promise<void>;
  /** What the components have logged. */
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
}

const handsOf = ({ access }: RealKubernetes, name: string) => {
  const client = httpClient({ name, config: access, clock: systemClock, userAgent: 'kubectl' });
  return { hands: kubectl(client), close: client.close };
};

export async function startForeignPlane(): Promise<ForeignPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-foreign-'));
  const plane = await startRealKubernetes({ controllers: planeControllers });
  const member = await startRealKubernetes({ controllers: workloadControllers }).catch(async (error: unknown) => {
    await plane.stop();
    throw error;
  });
  const processes: StartedCommand[] = [];
  const clients = [handsOf(plane, 'control'), handsOf(member, 'member')] as const;

  const says: ForeignPlane['says'] = async (words, input = '') => {
    const { node, script } = await flotilla();
    const environment = { HOME: folder, KUBECONFIG: plane.kubeconfig };
    const { code, output, errors } = await runProgram(node, [script, ...words], { environment, input });
    if (code !== 0) throw new Error(errors);
    return output;
  };

  return {
    control: clients[0].hands,
    member: clients[1].hands,
    memberKubeconfig: member.kubeconfig,
    says,
    startComponents: async () => {
      const [port] = (await freePorts(1)) as [number];
      const { ca, certificates } = await webhookCertificates(folder);
      const manifests = await says(['crds', '--webhook-url', `https://127.0.0.1:${port}`, '--ca-bundle', ca]);
      await says(['apply', '--server-side', '-f', '-'], manifests);
      processes.push(
        await component('webhook', folder, plane, ['--secure-port', String(port), '--cert-dir', certificates]),
        await component('controller-manager', folder, plane, election),
        await component('scheduler', folder, plane, election),
      );
    },
    logs: () => processes.map((each) => each.errors()).join('\n'),
    stop: async () => {
      for (const each of processes) {
        each.signal('SIGTERM');
        await each.ended;
      }
      for (const { close } of clients) close();
      await Promise.all([plane.stop(), member.stop()]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Each looks for a lease often: a test waits for it. */
const election = ['--leader-elect-retry-period', '200ms'];

async function component(
  name: string,
  folder: string,
  { kubeconfig }: RealKubernetes,
  flags: readonly string[],
): Promise<StartedCommand> {
  const { node, script } = await flotilla();
  const nowhere = ['--metrics-bind-address', '0', '--health-probe-bind-address', '0'];
  return start(node, [script, name, '--kubeconfig', kubeconfig, ...nowhere, ...flags], {
    environment: { HOME: folder },
  });
}

async function webhookCertificates(folder: string) {
  const authority = await createCertificateAuthority('webhooks', systemClock);
  const { cert, key } = await authority.issueServer({ commonName: 'karmada-webhook', hosts: ['127.0.0.1'] });
  for (const [name, text] of Object.entries({ 'ca.crt': authority.cert, 'tls.crt': cert, 'tls.key': key }))
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  return { ca: join(folder, 'ca.crt'), certificates: folder };
}
