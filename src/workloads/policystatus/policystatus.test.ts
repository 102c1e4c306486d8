import { expect, it } from 'vitest';
import { startTestCluster } from '../workloads.cases.ts';

const policies = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  resource: 'validatingadmissionpolicies',
  namespaced: false,
};

const rules = [
  { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['deployments', 'replicasets'] },
  {
    apiGroups: ['', 'batch'],
    apiVersions: ['v1'],
    operations: ['*'],
    resources: ['pods', 'jobs', 'pods/status', 'nothing'],
  },
];
const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'typed' },
  spec: {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConstraints: { resourceRules: rules },
    variables: [
      { name: 'good', expression: 'object.metadata.name' },
      { name: 'bad', expression: 'object.spec.nothing' },
    ],
    validations: [
      { expression: 'object.spec.replicas > 1' },
      { expression: 'object.spec.replicas > "a"', messageExpression: 'string(object.spec.nope)' },
      { expression: 'variables.good == 1 || variables.bad == 2' },
      { expression: 'params.data.x == 1 || params.nodata' },
      { expression: "object.metadata.labels['a'] == 'b'" },
      { expression: "request.name == 'x'" },
    ],
  },
};

/** As kube-controller-manager v1.35.3 has written it to a real kube-apiserver. */
const written = [
  {
    fieldRef: 'spec.validations[0].expression',
    warning:
      "/v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > 1\n | ...........^\n\nbatch/v1, Kind=Job: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > 1\n | ...........^\n",
  },
  {
    fieldRef: 'spec.validations[1].expression',
    warning:
      "/v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > \"a\"\n | ...........^\n\napps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.replicas > \"a\"\n | .....................^\n\napps/v1, Kind=ReplicaSet: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.replicas > \"a\"\n | .....................^\n\nbatch/v1, Kind=Job: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > \"a\"\n | ...........^\n",
  },
  {
    fieldRef: 'spec.validations[1].messageExpression',
    warning:
      "/v1, Kind=Pod: ERROR: <input>:1:19: undefined field 'nope'\n | string(object.spec.nope)\n | ..................^\n\napps/v1, Kind=Deployment: ERROR: <input>:1:19: undefined field 'nope'\n | string(object.spec.nope)\n | ..................^\n\napps/v1, Kind=ReplicaSet: ERROR: <input>:1:19: undefined field 'nope'\n | string(object.spec.nope)\n | ..................^\n\nbatch/v1, Kind=Job: ERROR: <input>:1:19: undefined field 'nope'\n | string(object.spec.nope)\n | ..................^\n",
  },
  {
    fieldRef: 'spec.validations[2].expression',
    warning:
      "/v1, Kind=Pod: ERROR: <input>:1:16: found no matching overload for '_==_' applied to '(string, int)'\n | variables.good == 1 || variables.bad == 2\n | ...............^\n\napps/v1, Kind=Deployment: ERROR: <input>:1:16: found no matching overload for '_==_' applied to '(string, int)'\n | variables.good == 1 || variables.bad == 2\n | ...............^\n\napps/v1, Kind=ReplicaSet: ERROR: <input>:1:16: found no matching overload for '_==_' applied to '(string, int)'\n | variables.good == 1 || variables.bad == 2\n | ...............^\n\nbatch/v1, Kind=Job: ERROR: <input>:1:16: found no matching overload for '_==_' applied to '(string, int)'\n | variables.good == 1 || variables.bad == 2\n | ...............^\n",
  },
  {
    fieldRef: 'spec.validations[3].expression',
    warning:
      "/v1, Kind=Pod: ERROR: <input>:1:15: found no matching overload for '_==_' applied to '(string, int)'\n | params.data.x == 1 || params.nodata\n | ..............^\nERROR: <input>:1:29: undefined field 'nodata'\n | params.data.x == 1 || params.nodata\n | ............................^\n\napps/v1, Kind=Deployment: ERROR: <input>:1:15: found no matching overload for '_==_' applied to '(string, int)'\n | params.data.x == 1 || params.nodata\n | ..............^\nERROR: <input>:1:29: undefined field 'nodata'\n | params.data.x == 1 || params.nodata\n | ............................^\n\napps/v1, Kind=ReplicaSet: ERROR: <input>:1:15: found no matching overload for '_==_' applied to '(string, int)'\n | params.data.x == 1 || params.nodata\n | ..............^\nERROR: <input>:1:29: undefined field 'nodata'\n | params.data.x == 1 || params.nodata\n | ............................^\n\nbatch/v1, Kind=Job: ERROR: <input>:1:15: found no matching overload for '_==_' applied to '(string, int)'\n | params.data.x == 1 || params.nodata\n | ..............^\nERROR: <input>:1:29: undefined field 'nodata'\n | params.data.x == 1 || params.nodata\n | ............................^\n",
  },
];

it('tells what expressions get wrong about the kinds a policy is for', async () => {
  const cluster = await startTestCluster();
  const resource = cluster.client.resource(policies);
  await resource.create(policy);
  await cluster.settle();
  // CEL is loaded with the first policy, in real time.
  await expect
    .poll(() => resource.get({ name: 'typed' }), { timeout: 20_000 })
    .toMatchObject({ status: { observedGeneration: 1 } });
  const { status, metadata } = (await resource.get({ name: 'typed' })) as typeof policy & {
    readonly status: { readonly typeChecking: { readonly expressionWarnings: unknown } };
    readonly metadata: { readonly managedFields: readonly { readonly manager: string }[] };
  };
  expect(status.typeChecking.expressionWarnings).toEqual(written);
  expect(metadata.managedFields.map(({ manager }) => manager)).toContain('validatingadmissionpolicy-status');
});
