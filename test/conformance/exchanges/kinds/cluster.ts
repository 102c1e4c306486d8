/** Samples of storage, scheduling, devices, extensions and whatever else is of the whole cluster. */
import type { SampledKind } from './kind.ts';

/** Of a certificate for `system:node:n1`, with a key nobody has. */
const certificateRequest =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIc01JR1NBZ0VBTURBeEZUQVRCZ05WQkFvTURITjVjM1JsYlRwdWIyUmxjekVYTUJVR0ExVUVBd3dPYzNsegpkR1Z0T201dlpHVTZiakV3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVEwcTlCVGgxdC9WMjBpClc1U25oVDlXZUdPcGJqTjd5OE1neE43N2xxTDZpQVlFUzFTejJhNXJZT1lnOE9lVWU2SEd1VzdQN3RQUEF5cFEKWlBhdjg0MjJvQUF3Q2dZSUtvWkl6ajBFQXdJRFNRQXdSZ0loQU1uZzFacExYMU56TkxXTEZlMVFlWVFnKytFLwp3MEZnS3NkR1J3cXhGNGtBQWlFQXRIa20rZDhTQ0ZVQTM1UkpHdVZSNjlmQzBOZlRZNnlxaFRyTytBRFZZb1E9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

const storage = { apiVersion: 'storage.k8s.io/v1', clusterScoped: true } as const;
const admission = { apiVersion: 'admissionregistration.k8s.io/v1', clusterScoped: true } as const;
const device = { apiVersion: 'resource.k8s.io/v1' } as const;

/** Matches nothing that is ever asked for. */
const noRules = [
  {
    apiGroups: ['nothing.example.com'],
    apiVersions: ['v1'],
    resources: ['nothings'],
    operations: ['CREATE'],
    scope: 'Namespaced',
  },
];
const webhook = {
  name: 'a.example.com',
  clientConfig: { service: { namespace: 'n', name: 's', path: '/p' } },
  rules: noRules,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  timeoutSeconds: 3,
  failurePolicy: 'Ignore',
  namespaceSelector: { matchLabels: { a: 'b' } },
};
const claimSpec = {
  devices: {
    requests: [
      {
        name: 'gpu',
        exactly: { deviceClassName: 'c', count: 2, selectors: [{ cel: { expression: 'device.driver == "d"' } }] },
      },
    ],
    constraints: [{ requests: ['gpu'], matchAttribute: 'example.com/numa' }],
    config: [{ requests: ['gpu'], opaque: { driver: 'd.example.com', parameters: { a: 1 } } }],
  },
};

export const clusterKinds: readonly SampledKind[] = [
  {
    ...storage,
    kind: 'StorageClass',
    resource: 'storageclasses',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
    content: {
      provisioner: 'example.com/p',
      parameters: { a: 'b' },
      reclaimPolicy: 'Retain',
      mountOptions: ['ro'],
      allowVolumeExpansion: true,
      volumeBindingMode: 'WaitForFirstConsumer',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
    },
    change: { allowVolumeExpansion: false },
  },
  {
    ...storage,
    kind: 'VolumeAttachment',
    resource: 'volumeattachments',
    content: { spec: { attacher: 'a.example.com', nodeName: 'n', source: { persistentVolumeName: 'pv' } } },
    change: { metadata: { annotations: { a: '1' } } },
    status: { attached: true, attachmentMetadata: { a: 'b' } },
  },
  {
    ...storage,
    kind: 'CSIDriver',
    resource: 'csidrivers',
    content: {
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        volumeLifecycleModes: ['Ephemeral'],
        fsGroupPolicy: 'File',
        tokenRequests: [{ audience: 'a' }],
      },
    },
    change: { spec: { storageCapacity: true } },
  },
  {
    ...storage,
    kind: 'CSINode',
    resource: 'csinodes',
    content: {
      spec: { drivers: [{ name: 'd.example.com', nodeID: 'n', topologyKeys: ['k'], allocatable: { count: 3 } }] },
    },
    change: { spec: { drivers: [] } },
  },
  {
    ...storage,
    clusterScoped: false,
    kind: 'CSIStorageCapacity',
    resource: 'csistoragecapacities',
    content: {
      storageClassName: 'c',
      capacity: '1Gi',
      maximumVolumeSize: '512Mi',
      nodeTopology: { matchLabels: { a: 'b' } },
    },
    change: { capacity: '2Gi' },
  },
  {
    ...storage,
    kind: 'VolumeAttributesClass',
    resource: 'volumeattributesclasses',
    content: { driverName: 'd.example.com', parameters: { a: 'b' } },
    change: { metadata: { annotations: { a: '1' } } },
  },
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    resource: 'priorityclasses',
    clusterScoped: true,
    content: { value: 1000, description: 'd', preemptionPolicy: 'Never' },
    change: { description: 'e' },
  },
  {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    resource: 'runtimeclasses',
    clusterScoped: true,
    content: {
      handler: 'h',
      overhead: { podFixed: { cpu: '10m' } },
      scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'k', operator: 'Exists' }] },
    },
    change: { overhead: { podFixed: { cpu: '20m' } } },
  },
  {
    ...admission,
    kind: 'MutatingWebhookConfiguration',
    resource: 'mutatingwebhookconfigurations',
    content: { webhooks: [{ ...webhook, reinvocationPolicy: 'IfNeeded' }] },
    change: { webhooks: [] },
  },
  {
    ...admission,
    kind: 'ValidatingWebhookConfiguration',
    resource: 'validatingwebhookconfigurations',
    content: { webhooks: [webhook] },
    change: { webhooks: [] },
  },
  {
    ...admission,
    kind: 'ValidatingAdmissionPolicy',
    resource: 'validatingadmissionpolicies',
    content: {
      spec: {
        failurePolicy: 'Ignore',
        matchConstraints: { resourceRules: noRules },
        validations: [{ expression: 'true', message: 'm', reason: 'Forbidden' }],
        variables: [{ name: 'v', expression: '1' }],
        matchConditions: [{ name: 'c', expression: 'true' }],
      },
    },
    change: { spec: { failurePolicy: 'Fail' } },
    status: { observedGeneration: 1, typeChecking: { expressionWarnings: [{ fieldRef: 'f', warning: 'w' }] } },
  },
  {
    ...admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    resource: 'validatingadmissionpolicybindings',
    content: {
      spec: {
        policyName: 'nothing',
        validationActions: ['Audit'],
        matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } },
      },
    },
    change: { spec: { validationActions: ['Warn'] } },
  },
  {
    ...device,
    clusterScoped: true,
    kind: 'DeviceClass',
    resource: 'deviceclasses',
    content: {
      spec: {
        selectors: [{ cel: { expression: 'device.driver == "d"' } }],
        config: [{ opaque: { driver: 'd.example.com', parameters: { a: 1 } } }],
      },
    },
    change: { spec: { selectors: [] } },
  },
  {
    ...device,
    kind: 'ResourceClaim',
    resource: 'resourceclaims',
    content: { spec: claimSpec },
    change: { metadata: { annotations: { a: '1' } } },
    status: {},
  },
  {
    ...device,
    kind: 'ResourceClaimTemplate',
    resource: 'resourceclaimtemplates',
    content: { spec: { metadata: { labels: { a: 'b' } }, spec: claimSpec } },
    change: { metadata: { annotations: { a: '1' } } },
  },
  {
    ...device,
    clusterScoped: true,
    kind: 'ResourceSlice',
    resource: 'resourceslices',
    content: {
      spec: {
        driver: 'd.example.com',
        nodeName: 'n',
        pool: { name: 'p', generation: 1, resourceSliceCount: 1 },
        devices: [
          {
            name: 'gpu-0',
            attributes: { model: { string: 'a' }, numa: { int: 1 } },
            capacity: { memory: { value: '1Gi' } },
          },
        ],
      },
    },
    change: { spec: { pool: { generation: 2 } } },
  },
];

export const requestKinds: readonly SampledKind[] = [
  {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    resource: 'certificatesigningrequests',
    clusterScoped: true,
    content: {
      spec: {
        request: certificateRequest,
        signerName: 'example.com/signer',
        expirationSeconds: 3600,
        usages: ['client auth', 'digital signature'],
      },
    },
    change: { metadata: { annotations: { a: '1' } } },
  },
];
