/** One wave, batch by batch: looked at again, policies and templates written, waited for. Stops at safe points. */
import { type Claim, claimFor } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { StatusError } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { type PlannedObject, titleOf } from '../model.ts';
import { type Checked, type CheckOptions, checkObjects } from './check.ts';
import type { Harm } from './pods.ts';
import type { WaveSchedule } from './schedule.ts';
import { type SettleOptions, settle, type Written } from './settle.ts';
import { ensureNamespace, growPolicy, isBusy, type Writer, writeTemplate } from './write.ts';

export interface WaveOptions {
  readonly check: CheckOptions;
  readonly writer: Writer;
  readonly settle: Omit<SettleOptions, 'told' | 'isOwn'>;
  /** The wave's, as the folder has them now. */
  readonly policies: readonly Policy[];
  /** How many more may fail. */
  readonly budget: number;
  /** Called before each write; what it throws ends the wave there. */
  readonly mayWrite: () => void;
  readonly progress: WaveProgress;
}

export interface WaveProgress {
  readonly doing: (text: string) => void;
  /** So many of the wave are taken over. */
  readonly applied: (count: number) => void;
  /** A batch has settled: worth a line in the record. */
  readonly settled: (applied: number, failed: readonly Harm[]) => Promise<void>;
}

export type WaveEnd =
  | { readonly is: 'applied' | 'over-budget'; readonly failed: readonly Harm[] }
  /** Nothing is half done: going on does the rest. */
  | { readonly is: 'stopped'; readonly failed: readonly Harm[]; readonly why: string };

const writtenAtATime = 16;

export async function applyWave(options: WaveOptions, wave: WaveSchedule): Promise<WaveEnd> {
  const { progress, budget } = options;
  const failed: Harm[] = [];
  let applied = 0;
  for (const batch of wave.batches) {
    if (options.settle.stopping()) return { is: 'stopped', failed, why: stoppedWords };
    progress.doing(`looking at ${wave.title} again`);
    const { checked, stale } = await checkObjects(options.check, batch);
    if (stale[0]) return { is: 'stopped', failed, why: changedWords(stale) };
    const { written, refused } = await write(options, wave, checked);
    const told = (count: number, waits: readonly Harm[]) => {
      progress.applied(applied + count);
      if (waits[0]) progress.doing(waitingWords(waits[0], waits.length, written.length));
    };
    const isOwn = ownedBy(options.policies);
    const end = await settle({ ...options.settle, isOwn, told }, written);
    applied += end.applied.length;
    failed.push(...refused, ...end.failed, ...end.replaced);
    await progress.settled(applied, failed);
    if (failed.length > budget) return { is: 'over-budget', failed };
    if (end.replaced[0])
      return { is: 'stopped', failed, why: `${titleOf(end.replaced[0].object)}: ${end.replaced[0].why}` };
    if (end.stopped || written.length + refused.length < batch.length)
      return { is: 'stopped', failed, why: stoppedWords };
  }
  return { is: 'applied', failed };
}

const waitingWords = ({ object, why }: Harm, left: number, all: number): string =>
  `waiting for ${left} of ${all}: ${titleOf(object)}: ${why}`;

export const stoppedWords = 'stopped as it was asked to';

function changedWords(stale: readonly Harm[]): string {
  const [{ object, why }] = stale as readonly [Harm];
  const more = stale.length > 1 ? ` (and ${stale.length - 1} more)` : '';
  return `${titleOf(object)} ${why}${more}; plan again with --force`;
}

const ownedBy = (policies: readonly Policy[]) => {
  const key = ({ kind, namespace, name }: Omit<Claim, 'id'>) => `${kind}/${namespace ?? ''}/${name}`;
  const own = new Set(policies.map((policy) => key(claimFor(policy))));
  return (claim: Claim): boolean => own.has(key(claim));
};

interface WrittenBatch {
  /** Fewer than were to be written where it was asked to stop. */
  readonly written: readonly Written[];
  readonly refused: readonly Harm[];
}

/**
 * The policies first: a template that comes into being under another policy's wide selector would be that one's. They
 * name no object that was not looked at just now.
 */
async function write(options: WaveOptions, wave: WaveSchedule, checked: readonly Checked[]): Promise<WrittenBatch> {
  const { writer, policies, mayWrite, progress } = options;
  const namespaces = new Set(checked.flatMap(({ object }) => object.namespace ?? []));
  for (const name of namespaces) {
    mayWrite();
    await ensureNamespace(writer, name);
  }
  const due = new Set(checked.map(({ object }) => selectorKeyOf(object)));
  const planned = new Set(wave.objects.map(selectorKeyOf));
  for (const policy of policies) {
    mayWrite();
    await growPolicy(writer, policy, (selector) => {
      const key = selectorKeyOf({ namespace: policy.metadata.namespace, ...selector });
      // What people added to the folder's policy is meant as it stands.
      return due.has(key) || !planned.has(key);
    });
  }
  const refused: Harm[] = [];
  const written: Written[] = [];
  await eachLimited(checked, writtenAtATime, async ({ object, template, observed, done, isChange }) => {
    if (done !== undefined) {
      written.push({ object, uid: done, observed });
      return;
    }
    if (options.settle.stopping()) return;
    mayWrite();
    progress.doing(`writing ${titleOf(object)}, ${written.length + 1} of ${checked.length}`);
    try {
      const uid = await writeTemplate(writer, template);
      written.push({ object, uid, observed, ...(isChange ? { edit: template } : {}) });
    } catch (error) {
      if (!(error instanceof StatusError) || isBusy(error)) throw error;
      refused.push({ object, why: `the control plane refused the template: ${error.message}` });
    }
  });
  return { written, refused };
}

const selectorKeyOf = ({
  apiVersion,
  kind,
  namespace,
  name,
}: Pick<PlannedObject, 'apiVersion' | 'kind'> & {
  readonly namespace?: string | undefined;
  readonly name?: string;
}): string => `${apiVersion}/${kind}/${namespace ?? ''}/${name ?? ''}`;
