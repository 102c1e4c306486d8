/** One wrong field at a time, kind by kind: each a dry run of a create, so that nothing depends on what was before. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
import { clusterKinds, requestKinds } from './cluster.ts';
import { coreKinds } from './core.ts';
import type { SampledKind } from './kind.ts';
import { clusterMutations } from './mutated-cluster.ts';
import { coreMutations } from './mutated-core.ts';
import { networkMutations } from './mutated-network.ts';
import { workloadsMutations } from './mutated-workloads.ts';
import { networkKinds } from './network.ts';
import { workloadKinds } from './workloads.ts';

const mutations = { ...coreMutations, ...workloadsMutations, ...networkMutations, ...clusterMutations };

function put(object: Anything, path: string, value: Anything): Anything {
  const copy: Anything = structuredClone(object);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  let holder = copy;
  for (const key of keys.slice(0, -1)) {
    holder[key] ??= {};
    holder = holder[key];
  }
  if (value === undefined) delete holder[keys.at(-1)!];
  else holder[keys.at(-1)!] = value;
  return copy;
}

async function mutate(hand: Hand, kind: SampledKind): Promise<void> {
  const { apiVersion, resource, clusterScoped, content, annotations, name = 'sample' } = kind;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const path = clusterScoped ? `${root}/${resource}` : `${root}/namespaces/${hand.namespace}/${resource}`;
  const filled = JSON.parse(JSON.stringify(content).replaceAll('<here>', hand.namespace)) as Anything;
  const sample = {
    apiVersion,
    kind: kind.kind,
    metadata: { name, ...(annotations ? { annotations } : {}) },
    ...filled,
  };
  const query = '?dryRun=All&fieldManager=m';
  const post = (body: Anything) => hand.ask({ method: 'POST', path: path + query, type: 'application/json', body });
  await post(sample);
  for (const [place, value] of mutations[`${apiVersion}/${kind.kind}`] ?? []) {
    await post(put(sample, place, value));
  }
}

const every = (name: string, kinds: readonly SampledKind[]): Script => ({
  name: `mutated-${name}`,
  run: async (hand) => {
    await hand.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
    for (const kind of kinds) await mutate(hand, kind);
  },
});

const pods = (kind: SampledKind) => kind.kind === 'Pod';

export const mutationScripts: readonly Script[] = [
  every('pods', coreKinds.filter(pods)),
  every(
    'core',
    coreKinds.filter((kind) => !pods(kind)),
  ),
  every('workloads', workloadKinds),
  every('network', networkKinds),
  every('cluster', [...clusterKinds, ...requestKinds]),
];
