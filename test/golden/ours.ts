/** Our own control plane and members at this moment, as the golden folders hold the reference's. */
import { knownKind } from '#app/kinds.ts';
import { controlPlaneName } from '#app/up/control-plane.ts';
import { printTable, type ServerTable } from '#cli/output/server-table.ts';
import type { ApiClient } from '#client/api-client.ts';
import { resourcePath } from '#client/http/paths.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

const deployment = ['apps', 'v1', 'Deployment'] as const;
const service = ['', 'v1', 'Service'] as const;
const pod = ['', 'v1', 'Pod'] as const;
const policy = ['policy.karmada.io', 'v1alpha1', 'PropagationPolicy'] as const;
const binding = ['work.karmada.io', 'v1alpha2', 'ResourceBinding'] as const;
const work = ['work.karmada.io', 'v1alpha1', 'Work'] as const;
const cluster = ['cluster.karmada.io', 'v1alpha1', 'Cluster'] as const;
const event = ['', 'v1', 'Event'] as const;

type Named = readonly [group: string, version: string, kind: string];

const kindOf = ([group, version, kind]: Named): KindDefinition => knownKind({ group, version, kind })!;

async function objectsOf(client: ApiClient, kinds: readonly Named[]): Promise<readonly JsonObject[]> {
  const lists = await Promise.all(kinds.map((kind) => client.resource(kindOf(kind)).list()));
  return lists.flatMap(({ items }, i) =>
    items.map((item) => ({ ...item, kind: kinds[i]![2] }) as unknown as JsonObject),
  );
}

/** As kubectl prints a Table; `undefined` where it would say that there are no resources. */
async function printed(client: ApiClient, kind: Named, wide: boolean, namespace?: string): Promise<string | undefined> {
  const definition = kindOf(kind);
  const path = resourcePath(definition, namespace ? { namespace } : {});
  const { body } = await client.raw(path, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  const table = body as unknown as ServerTable;
  if (table.rows.length === 0) return undefined;
  const namespaces = definition.namespaced && !namespace;
  return printTable(table, { wide, namespaces, headers: true, showLabels: false, labelColumns: [] });
}

const tableKinds: readonly [name: string, cluster: string, kind: Named, namespace?: string][] = [
  ['karmada-clusters', controlPlaneName, cluster],
  ['karmada-deployments', controlPlaneName, deployment],
  ['karmada-services', controlPlaneName, service],
  ['karmada-propagationpolicies', controlPlaneName, policy],
  ['karmada-resourcebindings', controlPlaneName, binding],
  ['karmada-works', controlPlaneName, work],
  ...['member1', 'member2'].flatMap((name) =>
    [deployment, service, pod].map(
      (kind) => [`${name}-${kind[2].toLowerCase()}s`, name, kind, 'default'] as [string, string, Named, string],
    ),
  ),
];

export async function oursNow(client: (cluster: string) => ApiClient): Promise<Snapshot> {
  const control = client(controlPlaneName);
  const objects = {
    karmada: await objectsOf(control, [deployment, service, policy, binding, work]),
    member1: await objectsOf(client('member1'), [deployment, service, pod]),
    member2: await objectsOf(client('member2'), [deployment, service, pod]),
  };
  const tables: Record<string, string> = {};
  for (const [name, where, kind, namespace] of tableKinds) {
    for (const wide of [false, true]) {
      const text = await printed(client(where), kind, wide, namespace);
      if (text !== undefined) tables[wide ? `${name}.wide` : name] = text;
    }
  }
  return snapshotOf({ objects, tables, events: await objectsOf(control, [event]) });
}
