/**
 * The estimator's messages against protobufjs, an implementation of its own that comes with @grpc/grpc-js, and against
 * bytes put together by hand from the wire format.
 */
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import type { ReplicaRequirements } from '#apis/work/requirements.ts';
import { ProtobufError } from '#kube/protobuf/error.ts';
import { methods } from './methods.ts';
import recorded from './testdata/messages.json' with { type: 'json' };

/** Names and numbers of Karmada v1.18's pkg/estimator/pb/estimator.proto and the Kubernetes messages it speaks of. */
const { root } = protobuf.parse(`
  syntax = "proto2"; package pb;
  message Quantity { optional string string = 1; }
  message Requirement { optional string key = 1; optional string operator = 2; repeated string values = 3; }
  message Term { repeated Requirement matchExpressions = 1; repeated Requirement matchFields = 2; }
  message NodeSelector { repeated Term nodeSelectorTerms = 1; }
  message Toleration {
    optional string key = 1; optional string operator = 2; optional string value = 3;
    optional string effect = 4; optional int64 tolerationSeconds = 5;
  }
  message NodeClaim {
    optional NodeSelector nodeAffinity = 1; map<string, string> nodeSelector = 2; repeated Toleration tolerations = 3;
    optional bytes nodeAffinityBytes = 4; repeated bytes tolerationsBytes = 5;
  }
  message ReplicaRequirements {
    optional NodeClaim nodeClaim = 1; map<string, Quantity> resourceRequest = 2; optional string namespace = 3;
    optional string priorityClassName = 4; map<string, bytes> resourceRequestBytes = 5;
  }
  message ComponentReplicaRequirements {
    optional NodeClaim nodeClaim = 1; map<string, Quantity> resourceRequest = 2;
    optional string priorityClassName = 3; map<string, bytes> resourceRequestBytes = 4;
  }
  message Component {
    optional string name = 1; optional ComponentReplicaRequirements replicaRequirements = 2; optional int32 replicas = 3;
  }
  message AssumedWorkload { optional string namespace = 1; repeated Component components = 2; }
  message MaxAvailableReplicasRequest {
    optional string cluster = 1; optional ReplicaRequirements replicaRequirements = 2;
    repeated AssumedWorkload assumedWorkloads = 3;
  }
  message MaxAvailableComponentSetsRequest {
    optional string cluster = 1; repeated Component components = 2; optional string namespace = 3;
    repeated AssumedWorkload assumedWorkloads = 4;
  }
  message ObjectReference {
    optional string apiVersion = 1; optional string kind = 2; optional string namespace = 3; optional string name = 4;
  }
  message UnschedulableReplicasRequest {
    optional string cluster = 1; optional ObjectReference resource = 2; optional int64 unschedulableThreshold = 3;
  }
`);

const conversion = { bytes: String, longs: Number };
const read = (name: string, bytes: Buffer) => {
  const type = root.lookupType(`pb.${name}`);
  return type.toObject(type.decode(bytes), conversion);
};
const write = (name: string, object: object) => {
  const type = root.lookupType(`pb.${name}`);
  return Buffer.from(type.encode(type.fromObject(object)).finish());
};

const terms = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }] };
const toleration = { key: 'gpu', operator: 'Equal', value: 'a', effect: 'NoSchedule', tolerationSeconds: 30 } as const;
const requirements: ReplicaRequirements = {
  nodeClaim: { hardNodeAffinity: terms, nodeSelector: { disk: 'ssd' }, tolerations: [toleration] },
  resourceRequest: { cpu: '250m', memory: '1Gi' },
  namespace: 'shop',
  priorityClassName: 'high',
};
/** What protobufjs makes of them. */
const text = (name: string, object: object) => write(name, object).toString('base64');
const twice = {
  nodeClaim: {
    nodeAffinity: terms,
    nodeAffinityBytes: text('NodeSelector', terms),
    nodeSelector: { disk: 'ssd' },
    tolerations: [toleration],
    tolerationsBytes: [text('Toleration', toleration)],
  },
  resourceRequest: { cpu: { string: '250m' }, memory: { string: '1Gi' } },
  resourceRequestBytes: { cpu: text('Quantity', { string: '250m' }), memory: text('Quantity', { string: '1Gi' }) },
  priorityClassName: 'high',
};
const { namespace: _, ...ofComponent } = requirements;
const component = { name: 'worker', replicas: 3, replicaRequirements: ofComponent };
const assumed = [
  {
    namespace: 'shop',
    components: [{ name: '', replicas: 2, replicaRequirements: { resourceRequest: { cpu: '1' } } }],
  },
];

describe('written for others', () => {
  test('replicas: requirements as messages and as bytes of them', () => {
    const bytes = methods.maxAvailableReplicas.writeRequest({ cluster: 'member1', requirements, assumed: [] });
    expect(read('MaxAvailableReplicasRequest', bytes)).toEqual({
      cluster: 'member1',
      replicaRequirements: { ...twice, namespace: 'shop' },
    });
  });

  test('component sets, and what is on its way', () => {
    const request = { cluster: 'member1', namespace: 'shop', components: [component], assumed };
    expect(
      read('MaxAvailableComponentSetsRequest', methods.maxAvailableComponentSets.writeRequest(request)),
    ).toMatchObject({
      cluster: 'member1',
      namespace: 'shop',
      components: [{ name: 'worker', replicas: 3, replicaRequirements: twice }],
      assumedWorkloads: [
        {
          namespace: 'shop',
          components: [{ replicas: 2, replicaRequirements: { resourceRequest: { cpu: { string: '1' } } } }],
        },
      ],
    });
  });

  test('a threshold in nanoseconds', () => {
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    const bytes = methods.unschedulableReplicas.writeRequest({ cluster: 'member1', resource, thresholdMs: 300_000 });
    expect(read('UnschedulableReplicasRequest', bytes)).toEqual({
      cluster: 'member1',
      resource,
      unschedulableThreshold: 300_000_000_000,
    });
  });
});

describe('read from others', () => {
  const asked = (replicaRequirements: object) =>
    methods.maxAvailableReplicas.readRequest(
      write('MaxAvailableReplicasRequest', { cluster: 'member1', replicaRequirements }),
    );
  const without = (object: object, ...names: readonly string[]) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
  const { nodeClaim } = twice;
  const older = {
    ...without(twice, 'resourceRequestBytes'),
    nodeClaim: without(nodeClaim, 'nodeAffinityBytes', 'tolerationsBytes'),
  };
  const newer = {
    ...without(twice, 'resourceRequest'),
    nodeClaim: without(nodeClaim, 'nodeAffinity', 'tolerations'),
  };
  const { priorityClassName } = twice;

  test.each([
    ['both forms', twice],
    ['messages alone, as before v1.18', older],
    ['bytes alone, as after v1.18', newer],
    ['bytes that differ from the messages', { ...twice, resourceRequest: { cpu: { string: '9' } } }],
  ])('%s', (_name, wire) => {
    expect(asked({ ...wire, namespace: 'shop', priorityClassName })).toEqual({
      cluster: 'member1',
      requirements,
      assumed: [],
    });
  });

  test('nothing is asked', () => {
    expect(
      methods.maxAvailableReplicas.readRequest(write('MaxAvailableReplicasRequest', { cluster: 'member1' })),
    ).toEqual({
      cluster: 'member1',
      requirements: undefined,
      assumed: [],
    });
    expect(asked({})).toEqual({ cluster: 'member1', requirements: {}, assumed: [] });
  });

  test('component sets', () => {
    const wire = {
      cluster: 'member1',
      namespace: 'shop',
      components: [{ name: 'worker', replicas: 3, replicaRequirements: twice }, { name: 'idle' }],
      assumedWorkloads: [
        {
          namespace: 'shop',
          components: [{ replicas: 2, replicaRequirements: { resourceRequest: { cpu: { string: '1' } } } }],
        },
      ],
    };
    expect(methods.maxAvailableComponentSets.readRequest(write('MaxAvailableComponentSetsRequest', wire))).toEqual({
      cluster: 'member1',
      namespace: 'shop',
      components: [component, { name: 'idle', replicas: 0 }],
      assumed,
    });
  });

  test('an unschedulable workload', () => {
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    const bytes = write('UnschedulableReplicasRequest', {
      cluster: 'member1',
      resource,
      unschedulableThreshold: 1_500_000,
    });
    expect(methods.unschedulableReplicas.readRequest(bytes)).toEqual({
      cluster: 'member1',
      resource,
      thresholdMs: 1.5,
    });
  });

  test('what is no message is an error', () => {
    expect(() => methods.maxAvailableReplicas.readRequest(Buffer.from([0x0a, 0x05, 0x61]))).toThrow('unexpected EOF');
  });
});

describe('as Karmada v1.18.2 itself writes them (test/conformance/estimator)', () => {
  const bytesOf = (name: keyof typeof recorded) => Buffer.from(recorded[name], 'base64');
  const worker = {
    name: 'worker',
    replicas: 2,
    replicaRequirements: { resourceRequest: { memory: '1Gi' }, priorityClassName: 'low' },
  };

  test('requests are read', () => {
    expect(methods.maxAvailableReplicas.readRequest(bytesOf('maxAvailableReplicas'))).toEqual({
      cluster: 'member1',
      requirements,
      assumed: [{ namespace: 'shop', components: [worker] }],
    });
    expect(methods.maxAvailableComponentSets.readRequest(bytesOf('maxAvailableComponentSets'))).toEqual({
      cluster: 'member1',
      namespace: 'shop',
      components: [worker],
      assumed: [],
    });
    expect(methods.unschedulableReplicas.readRequest(bytesOf('unschedulableReplicas'))).toEqual({
      cluster: 'member1',
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      thresholdMs: 300_000,
    });
    expect(methods.maxAvailableReplicas.readAnswer(bytesOf('answer'))).toBe(300);
  });

  test('ours say the same to a reader of theirs', () => {
    const request = { cluster: 'member1', requirements, assumed: [{ namespace: 'shop', components: [worker] }] };
    const name = 'MaxAvailableReplicasRequest';
    // They leave empty texts out, which proto3 takes for the same.
    const shown = (bytes: Buffer) => JSON.parse(JSON.stringify(read(name, bytes)));
    expect(shown(methods.maxAvailableReplicas.writeRequest(request))).toEqual(shown(bytesOf('maxAvailableReplicas')));
  });
});

test.each(Object.entries(methods))('%s reads any bytes or says that it cannot', (_name, method) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        method.readRequest(Buffer.from(bytes));
        method.readAnswer(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }),
  );
});

/** Tag is number * 8 + wire type: 0 for numbers, 2 for what has a length. */
test('by hand', () => {
  const request = { cluster: 'm', requirements: { resourceRequest: { cpu: '1' } }, assumed: [] };
  const quantity = [0x0a, 1, 0x31];
  const entry = [0x0a, 3, ...Buffer.from('cpu'), 0x12, quantity.length, ...quantity];
  // Namespace and priority class are there and empty, as gogo writes them.
  const inner = [0x12, entry.length, ...entry, 0x1a, 0, 0x22, 0, 0x2a, entry.length, ...entry];
  expect([...methods.maxAvailableReplicas.writeRequest(request)]).toEqual([
    0x0a,
    1,
    0x6d,
    0x12,
    inner.length,
    ...inner,
  ]);
  expect(methods.maxAvailableReplicas.path).toBe(
    '/github.com.karmada_io.karmada.pkg.estimator.service.Estimator/MaxAvailableReplicas',
  );
});

test.each(Object.entries(methods))('the answer of %s is field 1', (_name, method) => {
  expect([...method.writeAnswer(300)]).toEqual([0x08, 0xac, 0x02]);
  expect(method.readAnswer(Buffer.from([0x08, 0xac, 0x02]))).toBe(300);
  // proto3 leaves zeros out; a negative int32 has ten bytes.
  expect(method.readAnswer(Buffer.alloc(0))).toBe(0);
  expect(method.readAnswer(Buffer.from([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]))).toBe(-1);
});
