import { describe, expect, test } from 'vitest';
import { builtinKind, builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { Column, KindDefinition } from '../kind/definition.ts';
import type { KubeObject } from '../meta/object.ts';
import { tableFor } from './table.ts';

const now = Date.UTC(2026, 0, 1, 0, 1);
const metadata = { name: 'web', namespace: 'default', creationTimestamp: '2026-01-01T00:00:15Z' };

/** The row as kubectl prints it: the cells that `wide` shows, null as `<none>`. */
function row(kind: KindDefinition, object: object, wide = true): string[] {
  const table = tableFor(kind, [{ metadata, ...object } as unknown as KubeObject], now, {});
  const shown = table.columnDefinitions.map(({ priority }) => wide || priority === 0);
  return table.rows[0]!.cells.filter((_, index) => shown[index]).map((cell) =>
    cell === null ? '<none>' : String(cell),
  );
}

const native = (group: string, version: string, kind: string) => {
  const definition = builtinKind(group, version, kind);
  if (!definition) throw new Error(`no built-in kind ${group}/${version} ${kind}`);
  return definition;
};

const template = { spec: { containers: [{ name: 'nginx', image: 'nginx:latest' }] } };

describe('the envelope', () => {
  test('is that of meta.k8s.io/v1, rows name their objects by metadata alone', () => {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata, status: { phase: 'Active' } };
    expect(tableFor(native('', 'v1', 'Namespace'), [object], now, { resourceVersion: '7' })).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: [
        expect.objectContaining({ name: 'Name', type: 'string', format: 'name', priority: 0 }),
        expect.objectContaining({ name: 'Status', type: 'string', format: '', priority: 0 }),
        expect.objectContaining({ name: 'Age', type: 'string', format: '', priority: 0 }),
      ],
      rows: [
        {
          cells: ['web', 'Active', '45s'],
          object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
        },
      ],
    });
  });

  test('every built-in kind has a cell for each of its columns, whatever its object lacks', () => {
    for (const kind of builtinKinds()) {
      const table = tableFor(kind, [{ apiVersion: 'v1', kind: kind.kind, metadata: {} }], now, {});
      // kube-apiserver tells an address's age without a column for it.
      const more = kind.kind === 'IPAddress' ? 1 : 0;
      expect(table.rows[0]!.cells, `${kind.group}/${kind.version} ${kind.kind}`).toHaveLength(
        table.columnDefinitions.length + more,
      );
      const blank = table.columnDefinitions.filter((_, index) => table.rows[0]!.cells[index] === null);
      expect(blank.map(({ name }) => name).filter((name) => name !== 'Created At')).toEqual([]);
    }
  });

  test('a kind without columns shows name and creation', () => {
    const kind = { ...native('', 'v1', 'Namespace'), kind: 'Other', columns: [] };
    expect(row(kind, {})).toEqual(['web', '2026-01-01T00:00:15Z']);
  });
});

describe('rows as the reference control plane prints them', () => {
  test('Deployment', () => {
    const kind = native('apps', 'v1', 'Deployment');
    const spec = { replicas: 2, selector: { matchLabels: { app: 'nginx' } }, template };
    const status = { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    expect(row(kind, { spec, status })).toEqual(['web', '2/2', '2', '2', '45s', 'nginx', 'nginx:latest', 'app=nginx']);
    expect(row(kind, { spec }, false)).toEqual(['web', '0/2', '0', '0', '45s']);
  });

  test('Service', () => {
    const kind = native('', 'v1', 'Service');
    const ports = [{ port: 80, nodePort: 30000, protocol: 'TCP' }];
    expect(
      row(kind, { spec: { type: 'NodePort', clusterIPs: ['10.11.234.244'], ports, selector: { app: 'nginx' } } }),
    ).toEqual(['web', 'NodePort', '10.11.234.244', '<none>', '80:30000/TCP', '45s', 'app=nginx']);
    expect(row(kind, { spec: { type: 'ExternalName', externalName: 'localhost' } })).toEqual([
      'web',
      'ExternalName',
      '<none>',
      'localhost',
      '<none>',
      '45s',
      '<none>',
    ]);
    const balancer = { type: 'LoadBalancer', clusterIP: 'None', ports: [{ port: 443, protocol: 'TCP' }] };
    expect(row(kind, { spec: balancer }, false)[3]).toBe('<pending>');
    const status = { loadBalancer: { ingress: [{ ip: '9.9.9.9' }, { hostname: 'a.example' }] } };
    expect(row(kind, { spec: { ...balancer, externalIPs: ['1.1.1.1'] }, status }, false)[3]).toBe(
      '9.9.9.9,a.example,1.1.1.1',
    );
  });

  test('Node', () => {
    const object = {
      metadata: { ...metadata, labels: { 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1.35.3' },
      },
    };
    expect(row(native('', 'v1', 'Node'), object)).toEqual([
      'web',
      'Ready,SchedulingDisabled',
      'control-plane',
      '45s',
      'v1.35.3',
      '10.0.0.1',
      '<none>',
      '<unknown>',
      '<unknown>',
      '<unknown>',
    ]);
  });

  test('Job', () => {
    const status = {
      succeeded: 1,
      startTime: '2026-01-01T00:00:00Z',
      completionTime: '2026-01-01T00:00:30Z',
      conditions: [{ type: 'Complete', status: 'True' }],
    };
    expect(row(native('batch', 'v1', 'Job'), { spec: { completions: 1, template }, status }, false)).toEqual([
      'web',
      'Complete',
      '1/1',
      '30s',
      '45s',
    ]);
    expect(row(native('batch', 'v1', 'Job'), { spec: { parallelism: 3, template } }, false).slice(1, 4)).toEqual([
      'Running',
      '0/1 of 3',
      '',
    ]);
  });

  test('events of both groups', () => {
    const event = {
      involvedObject: { kind: 'Pod', name: 'web-1' },
      reason: 'Scheduled',
      message: 'done\n',
      type: 'Normal',
      source: { component: 'scheduler' },
      firstTimestamp: '2026-01-01T00:00:10Z',
      lastTimestamp: '2026-01-01T00:00:40Z',
      count: 3,
    };
    const shown = ['20s', 'Normal', 'Scheduled', 'pod/web-1', '', 'scheduler', 'done', '50s', '3', 'web'];
    expect(row(native('', 'v1', 'Event'), event)).toEqual(shown);
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = event;
    const other = {
      ...rest,
      regarding: involvedObject,
      note: message,
      deprecatedSource: source,
      deprecatedFirstTimestamp: firstTimestamp,
      deprecatedLastTimestamp: lastTimestamp,
      deprecatedCount: count,
    };
    expect(row(native('events.k8s.io', 'v1', 'Event'), other)).toEqual(shown);
  });

  test('HorizontalPodAutoscaler of both versions', () => {
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 4 };
    const metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
    const current = [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 12 } } }];
    const shown = ['web', 'Deployment/web', 'cpu: 12%/80%', '1', '4', '2', '45s'];
    expect(
      row(native('autoscaling', 'v2', 'HorizontalPodAutoscaler'), {
        spec: { ...spec, metrics },
        status: { currentReplicas: 2, currentMetrics: current },
      }),
    ).toEqual(shown);
    expect(
      row(native('autoscaling', 'v1', 'HorizontalPodAutoscaler'), {
        spec: { ...spec, targetCPUUtilizationPercentage: 80 },
        status: { currentReplicas: 2, currentCPUUtilizationPercentage: 12 },
      }),
    ).toEqual(shown);
  });

  test.each<[string, string, string, object, readonly string[]]>([
    ['', 'v1', 'ConfigMap', { data: { a: '1' }, binaryData: { b: '' } }, ['web', '2', '45s']],
    ['', 'v1', 'Secret', { type: 'Opaque', data: { a: '' } }, ['web', 'Opaque', '1', '45s']],
    ['', 'v1', 'ServiceAccount', {}, ['web', '45s']],
    ['rbac.authorization.k8s.io', 'v1', 'ClusterRole', {}, ['web', '2026-01-01T00:00:15Z']],
    [
      'rbac.authorization.k8s.io',
      'v1',
      'RoleBinding',
      { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'ServiceAccount', name: 's', namespace: 'n' }] },
      ['web', 'Role/r', '45s', '', '', 'n/s'],
    ],
    [
      'networking.k8s.io',
      'v1',
      'Ingress',
      { spec: { rules: ['a', 'b', 'c', 'd'].map((host) => ({ host })), tls: [{}] } },
      ['web', '<none>', 'a,b,c + 1 more...', '', '80, 443', '45s'],
    ],
    ['storage.k8s.io', 'v1', 'StorageClass', { provisioner: 'p' }, ['web', 'p', 'Delete', 'Immediate', 'false', '45s']],
    [
      '',
      'v1',
      'PersistentVolumeClaim',
      {
        spec: { volumeName: 'v' },
        status: { phase: 'Bound', capacity: { storage: '1024Mi' }, accessModes: ['ReadWriteOnce'] },
      },
      ['web', 'Bound', 'v', '1Gi', 'RWO', '', '<unset>', '45s', '<unset>'],
    ],
    ['policy', 'v1', 'PodDisruptionBudget', { spec: { minAvailable: '50%' } }, ['web', '50%', 'N/A', '0', '45s']],
    ['coordination.k8s.io', 'v1', 'Lease', { spec: { holderIdentity: 'me' } }, ['web', 'me', '45s']],
    [
      'apiregistration.k8s.io',
      'v1',
      'APIService',
      {
        spec: { service: { namespace: 'n', name: 's' } },
        status: { conditions: [{ type: 'Available', status: 'False', reason: 'Gone' }] },
      },
      ['web', 'n/s', 'False (Gone)', '45s'],
    ],
    [
      '',
      'v1',
      'ResourceQuota',
      { status: { hard: { 'limits.cpu': '2', pods: '10', 'requests.cpu': '1000m' }, used: { pods: '1' } } },
      ['web', 'pods: 1/10, requests.cpu: 0/1', 'limits.cpu: 0/2', '45s'],
    ],
    [
      'discovery.k8s.io',
      'v1',
      'EndpointSlice',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: ['a', 'b', 'c', 'd'].map((address) => ({ addresses: [address] })),
      },
      ['web', 'IPv4', '80', 'a,b,c + 1 more...', '45s'],
    ],
  ])('%s/%s %s', (group, version, kind, object, cells) =>
    expect(row(native(group, version, kind), object)).toEqual(cells),
  );
});

describe('columns with paths', () => {
  const custom = (...columns: readonly Column[]): KindDefinition => ({
    ...native('', 'v1', 'Namespace'),
    group: 'example.org',
    kind: 'Thing',
    columns,
  });
  const object = {
    spec: {
      text: 't',
      count: 3.7,
      ratio: 0.5,
      on: false,
      at: '2026-01-01T00:00:30Z',
      list: ['x', 'y'],
      map: { b: 1, a: '<' },
    },
  };

  test('come after the name and have the column’s type', () => {
    const kind = custom(
      { name: 'Text', type: 'string', jsonPath: '.spec.text' },
      { name: 'Count', type: 'integer', jsonPath: '.spec.count' },
      { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
      { name: 'At', type: 'date', jsonPath: '.spec.at' },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    );
    const table = tableFor(kind, [{ ...object, apiVersion: 'x', kind: 'Thing', metadata } as KubeObject], now, {});
    expect(table.rows[0]!.cells).toEqual(['web', 't', 3, 0.5, false, '30s', '45s']);
    expect(table.columnDefinitions[1]).toEqual({
      name: 'Text',
      type: 'string',
      format: '',
      description: 'Custom resource definition column (in JSONPath format): .spec.text',
      priority: 0,
    });
  });

  test.each<[string, string, string]>([
    ['.spec.gone', 'string', '<none>'],
    ['.spec.text', 'integer', '<none>'],
    ['.spec.text', 'date', '<unknown>'],
    ['.spec.map', 'string', '{"a":"\\u003c","b":1}'],
    ['.spec.list[*]', 'string', 'x'],
    ['.spec.list[9]', 'string', '<none>'],
    ['.spec.list[', 'string', '<none>'],
  ])('%s as %s: %s', (jsonPath, type, text) => {
    const expected = text === '<unknown>' ? '<invalid>' : text;
    expect(row(custom({ name: 'Cell', type, jsonPath }), object)[1]).toBe(expected);
  });
});
