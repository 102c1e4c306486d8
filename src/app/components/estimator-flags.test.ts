import { expect, test } from 'vitest';
import { parseComponentFlags } from './flags.ts';

const parse = (...args: readonly string[]) => parseComponentFlags('karmada-scheduler-estimator', args);

test('the flags of a manifest mean what they mean to the reference', () => {
  const parsed = parse(
    '--kubeconfig=/etc/member1-kubeconfig',
    '--cluster-name=member1',
    '--grpc-auth-cert-file=/etc/karmada/pki/karmada.crt',
    '--grpc-auth-key-file=/etc/karmada/pki/karmada.key',
    '--grpc-client-ca-file=/etc/karmada/pki/ca.crt',
    '--feature-gates=AllAlpha=true',
    '--kube-api-qps=40',
    '--kube-api-burst=60',
    '--parallelism=8',
    '--metrics-bind-address=0.0.0.0:8080',
    '--health-probe-bind-address=0.0.0.0:10351',
    '--v=4',
  );
  expect(parsed).toMatchObject({
    warnings: [],
    settings: {
      cluster: 'member1',
      port: 10_352,
      address: '',
      certFile: '/etc/karmada/pki/karmada.crt',
      keyFile: '/etc/karmada/pki/karmada.key',
      clientCaFile: '/etc/karmada/pki/ca.crt',
      skipsClientVerification: false,
      gates: { ResourceQuotaEstimate: true },
      process: { kubeconfig: '/etc/member1-kubeconfig', leaderElection: { enabled: false } },
    },
  });
});

test.each<[readonly string[], string]>([
  [[], 'Options.ClusterName: Invalid value: "": clusterName cannot be empty'],
  [
    ['--cluster-name=m1', '--server-port=65536'],
    'Options.ServerPort: Invalid value: 65536: must be a valid port between 0 and 65535 inclusive',
  ],
  [['--cluster-name=m1', '--leader-elect'], 'unknown flag: --leader-elect'],
])('%j is refused', (args, error) => expect(parse(...args)).toEqual({ error }));
