/** What must be so when everybody has calmed down: members hold what templates and policies say, and nothing else of ours. */

import type { Flow } from '#harness/flow.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { count, migratePolicy, running, service, template } from './applications.ts';
import type { Ledger } from './ledger.ts';

const managed = 'karmada.io/managed';
const claim = 'propagationpolicy.karmada.io/name';
const executionNamespace = (member: string) => `karmada-es-${member}`;

const bindingOf = ({ kind, metadata }: Anything): Anything => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { namespace: metadata.namespace, name: `${metadata.name}-${kind.toLowerCase()}` },
});

interface View {
  readonly control: Kubectl;
  readonly members: ReadonlyMap<string, Kubectl>;
  readonly problems: string[];
}

/** Which of the policies that exist should hold it: the application's own goes before the one for everything. */
async function rightfulPolicy({ control }: View, i: number): Promise<Anything> {
  const own = await control.find({ ...migratePolicy(false), metadata: { namespace: 'default', name: `app-${i}-pp` } });
  return own ?? (await control.find(migratePolicy(false)));
}

async function checkClaimed(view: View, live: Anything, policy: Anything): Promise<readonly string[]> {
  const { control, members, problems } = view;
  const what = `${live.kind} ${live.metadata.name}`;
  const fail = (why: string) => problems.push(`${what}: ${why}`);
  if (live.metadata.annotations?.[claim] !== policy.metadata.name)
    fail(`is claimed by ${live.metadata.annotations?.[claim]}, not by ${policy.metadata.name}`);
  const binding = await control.find(bindingOf(live));
  if (!binding) {
    fail('has no binding');
    return [];
  }
  const clusters = (binding.spec.clusters ?? []).map((each: Anything) => each.name);
  const wanted = policy.spec.placement.clusterAffinity.clusterNames;
  if (String(clusters.toSorted()) !== String(wanted.toSorted())) fail(`is bound to ${clusters}, not to ${wanted}`);
  if (findCondition(binding.status?.conditions, 'FullyApplied')?.status !== 'True') fail('is not fully applied');
  for (const cluster of clusters) {
    const held = await members.get(cluster)!.find(live);
    if (!held) fail(`is not in ${cluster}`);
    else if (held.metadata.labels?.[managed] !== 'true') fail(`is not marked in ${cluster}`);
    else if (live.kind === 'Deployment') checkDeployment(live, held, (why) => fail(`in ${cluster} ${why}`));
  }
  return clusters;
}

function checkDeployment(live: Anything, held: Anything, fail: (why: string) => void): void {
  const imageOf = ({ spec }: Anything) => spec.template.spec.containers[0].image;
  if (imageOf(held) !== imageOf(live)) fail(`runs ${imageOf(held)}, not ${imageOf(live)}`);
  if (held.spec.replicas !== live.spec.replicas) fail(`has ${held.spec.replicas} replicas, not ${live.spec.replicas}`);
  if (held.status?.readyReplicas !== held.spec.replicas) fail(`has ${held.status?.readyReplicas} ready replicas`);
}

export async function problemsAtTheEnd(flow: Flow, ledger: Ledger): Promise<readonly string[]> {
  const members = new Map(['member1', 'member2'].map((name) => [name, kubectl(flow.member(name))]));
  const view: View = { control: kubectl(flow.control), members, problems: [] };
  const { control, problems } = view;
  /** Where a binding says that something is held. */
  const held = new Set<string>();
  for (let i = 0; i < count; i++) {
    for (const object of [template(i), service(i)]) {
      const live = await control.find(object);
      const policy = live && (await rightfulPolicy(view, i));
      const binding = await control.find(bindingOf(object));
      if (!live && binding) problems.push(`${object.kind} app-${i}: its binding is still there`);
      const clusters = policy
        ? await checkClaimed(view, live, policy)
        : (binding?.spec.clusters ?? []).map((each: Anything) => each.name);
      for (const cluster of clusters) held.add(`${cluster} ${object.kind} app-${i}`);
      if (live && !policy && live.metadata.annotations?.[claim])
        problems.push(`${object.kind} app-${i}: claimed by nobody's policy`);
    }
    const original = await members.get('member1')!.find(running(i));
    if (!original && !ledger.mayBeGone(i)) problems.push(`Deployment app-${i} is lost`);
    if (original && original.metadata.labels?.team !== 'web' && !ledger.mayBeGone(i))
      problems.push(`Deployment app-${i} lost its label`);
  }
  await checkMarks(view, held);
  await checkWorks(view, held);
  return [...problems, ...(await ledger.harmed())];
}

/** Marks of ours only where a binding says so. */
async function checkMarks({ members, problems }: View, held: ReadonlySet<string>): Promise<void> {
  for (const [name, member] of members) {
    for (const [apiVersion, kind] of [
      ['apps/v1', 'Deployment'],
      ['v1', 'Service'],
    ] as const) {
      for (const object of await member.list(apiVersion, kind, 'default')) {
        const what = `${name} ${kind} ${object.metadata.name}`;
        if (held.has(what)) continue;
        if (JSON.stringify({ ...object.metadata, managedFields: [] }).includes('karmada.io'))
          problems.push(`${what}: has our marks`);
        if (object.metadata.managedFields?.some((entry: Anything) => entry.manager === 'flotilla'))
          problems.push(`${what}: has fields of ours`);
      }
    }
  }
}

async function checkWorks({ control, members, problems }: View, held: ReadonlySet<string>): Promise<void> {
  for (const name of members.keys()) {
    for (const work of await control.list('work.karmada.io/v1alpha1', 'Work', executionNamespace(name))) {
      const [manifest] = work.spec.workload?.manifests ?? [];
      if (manifest?.kind === 'Namespace') continue;
      const what = `${name} ${manifest?.kind} ${manifest?.metadata.name}`;
      if (!held.has(what)) problems.push(`${what}: its Work is still there`);
    }
  }
}
