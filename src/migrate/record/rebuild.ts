/**
 * A plan whose folder is lost, as far as going back needs it: its record names the clusters and the waves, its label
 * the templates, and the policy that has a template the wave.
 */
import { systemNamespace } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { listAll } from '#client/list-all.ts';
import { isTemplateResource } from '#flow/1-detect/plan/propagated.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { type MigrationPlan, type PlannedObject, planApiVersion } from '../model.ts';
import { planLabel, policyNamesOf } from '../policies.ts';
import type { Source } from '../reading/inventory.ts';
import { isOwnResource } from '../reading/selection.ts';
import type { MigrationRecord } from './record.ts';

const listsAtATime = 8;

/** It has no templates' files, and of the cluster's objects neither uids nor versions. */
export async function rebuiltPlan(control: Source, record: MigrationRecord): Promise<MigrationPlan> {
  const { plan, from, to, startedAt, waves } = record;
  const resources = (await control.mapper.preferred()).filter(
    (each) => isTemplateResource(each, []) && !isOwnResource(each),
  );
  const found = await eachLimited(resources, listsAtATime, async (resource) => {
    const items = await listAll(control.client, resource, { labelSelector: `${planLabel}=${plan}` });
    return items.flatMap((item): readonly PlannedObject[] => {
      const wave = waveOf(record, item);
      const { namespace, name } = item.metadata;
      // There are its record and its keys, and no templates.
      if (wave === undefined || namespace === systemNamespace) return [];
      const identity = { ...(namespace ? { namespace } : {}), name: name!, uid: '', resourceVersion: '' };
      return [{ apiVersion: apiVersionOf(resource), kind: resource.kind, ...identity, verdict: { is: 'adopt' }, wave }];
    });
  });
  const objects = found.flat();
  return {
    apiVersion: planApiVersion,
    kind: 'MigrationPlan',
    metadata: { name: plan, creationTimestamp: startedAt },
    spec: { from, to, scope: {} },
    waves: waves.map(({ number, title }) => ({
      number,
      title,
      objects: objects.filter(({ wave }) => wave === number).length,
    })),
    objects,
  };
}

/** Undefined for a namespace that was made for the plan's objects and is none of them. */
function waveOf({ plan, waves }: MigrationRecord, template: KubeObject): number | undefined {
  const name = claimOf(template)?.name;
  const own = waves.find(({ number }) => name !== undefined && policyNamesOf(plan, number).includes(name));
  // Another policy has it by now, or none yet.
  return own?.number ?? (name === undefined && template.kind === 'Namespace' ? undefined : waves.at(-1)?.number);
}
