/** Looks at all clusters of a plan and at the control plane, finds out about what differs, and judges it. */
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { visitAll } from '#client/list-all.ts';
import type { EvidenceSet } from '../evidence/evidence.ts';
import { type TakeAllOptions, takeAllEvidence } from '../evidence/take-all.ts';
import type { Source } from '../reading/inventory.ts';
import { readRecord } from '../record/store.ts';
import { findReasons } from './reasons.ts';
import { bindingsByTemplate } from './standing.ts';
import { type Verification, verification } from './verify.ts';

export interface VerifyOptions extends TakeAllOptions {
  readonly control: Source;
  readonly before: EvidenceSet;
}

export interface Verified {
  readonly result: Verification;
  readonly after: EvidenceSet;
}

export async function verifyPlan(options: VerifyOptions): Promise<Verified> {
  const { plan, control, before } = options;
  const after = await takeAllEvidence(options);
  const record = await readRecord(control.client, plan.metadata.name);
  const bindings = bindingsByTemplate(await bindingsIn(control.client));
  const reasons = await findReasons(options, before, after);
  return { result: verification({ plan, before, after, bindings, record, reasons }), after };
}

async function bindingsIn(client: ApiClient): Promise<readonly Binding[]> {
  const found: Binding[] = [];
  for (const kind of bindingKinds)
    await visitAll(client, kind as TypedResource<Binding>, {}, (binding) => found.push(trimmed(binding)));
  return found;
}

/** Without the statuses of the members' objects, which are most of it. */
function trimmed({ apiVersion, kind, metadata: { namespace, name }, spec, status }: Binding): Binding {
  const aggregatedStatus = status?.aggregatedStatus?.map(({ clusterName, applied, appliedMessage, health }) => ({
    clusterName,
    applied,
    appliedMessage,
    health,
  }));
  return {
    apiVersion,
    kind,
    metadata: { ...(namespace ? { namespace } : {}), name },
    spec: { resource: spec.resource },
    status: {
      ...(status?.conditions ? { conditions: status.conditions } : {}),
      ...(aggregatedStatus ? { aggregatedStatus } : {}),
    },
  } as Binding;
}
