/**
 * The record of a migration in the control plane: what the commands must know of each other and cannot see from the
 * templates, policies and bindings themselves. A ConfigMap `migration-<plan>` in karmada-system holds it as JSON. Pure.
 */
import { systemNamespace } from '#apis/names/objects.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type MigrationPlan, type PlannedObject, referenceOf, type Wave } from '../model.ts';
import { planLabel } from '../policies.ts';

export type WaveState =
  | 'pending'
  /** Templates are being written, or waited for. */
  | 'applying'
  /** Somebody asked to stop here, or a Pod was replaced within the failure budget: --resume goes on. */
  | 'paused'
  | 'applied'
  /** Beyond the failure budget, and not rolled back yet. */
  | 'failed'
  | 'rolling-back'
  | 'rolled-back';

export interface WaveRecord {
  /** From 1, as in the plan. */
  readonly number: number;
  readonly title: string;
  /** How many the plan takes over in it. */
  readonly objects: number;
  /** How many of them have been seen taken over. */
  readonly applied: number;
  readonly state: WaveState;
  /** Since when, RFC 3339. */
  readonly since: string;
  /** Why it is paused, failed or rolled back. */
  readonly why?: string;
  /** While it is being taken back: nothing of it was there before, and its copies in other clusters go with it. */
  readonly removesCopies?: true;
}

/** What the control plane cannot say of an object by itself. */
export interface ObjectRecord {
  /** `Deployment/shop/web`: referenceOf in model.ts. */
  readonly object: string;
  readonly is: 'failed' | 'rolled-back';
  readonly why?: string;
}

/** Who works on it now: one at a time. */
export interface Holder {
  /** `apply@host:pid`; another process is another holder. */
  readonly name: string;
  /** RFC 3339 with microseconds; a holder that lives brings it up to date. */
  readonly renewed: string;
}

/** An object that the plan made in another cluster and that a rollback deletes there, once it is let go. */
export interface Copy {
  readonly cluster: string;
  /** `Deployment/shop/web`. */
  readonly object: string;
  readonly uid: string;
}

export interface MigrationRecord {
  readonly plan: string;
  /** SHA-256 of the plan as it was applied last: another one is another plan under the same name. */
  readonly hash: string;
  readonly from: MigrationPlan['spec']['from'];
  readonly to: readonly string[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Objects whose Pods may be restarted, as --allow-restart named them. */
  readonly allowedRestarts: readonly string[];
  /** Objects that are to lose in the member what their templates lack, as --drop named them. */
  readonly dropped: readonly string[];
  /** Objects that other clusters may lose for it, as --overwrite named them. */
  readonly overwritten?: readonly string[];
  readonly waves: readonly WaveRecord[];
  readonly objects?: readonly ObjectRecord[];
  /** Of a rollback at work: once they are let go, nothing in their clusters tells whose they were. */
  readonly copies?: readonly Copy[];
  readonly holder?: Holder;
}

const recordPrefix = 'migration-';
const recordKey = 'record.json';

export const recordName = (plan: string) => ({ namespace: systemNamespace, name: recordPrefix + plan });

export interface RecordObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const recordObject = (record: MigrationRecord): RecordObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { ...recordName(record.plan), labels: { [planLabel]: record.plan } },
  data: { [recordKey]: `${JSON.stringify(record, undefined, 2)}\n` },
});

/** Undefined for a ConfigMap of that label which is no record: templates of a plan have the label too. */
export function recordIn({ metadata, data }: RecordObject): MigrationRecord | undefined {
  const text = data?.[recordKey];
  if (metadata.namespace !== systemNamespace || !metadata.name?.startsWith(recordPrefix) || text === undefined) return;
  const record = parsed(text);
  if (record?.plan && record.from && Array.isArray(record.waves)) return record as MigrationRecord;
  const name = `${metadata.namespace}/${metadata.name}`;
  throw new Error(`ConfigMap ${name} is no record of a migration any more; delete it and apply the plan again`);
}

function parsed(text: string): Partial<MigrationRecord> | undefined | null {
  try {
    return JSON.parse(text) as Partial<MigrationRecord> | null;
  } catch {
    return undefined;
  }
}

export const firstRecord = (
  { metadata, spec, waves }: MigrationPlan,
  given: Pick<MigrationRecord, 'hash' | 'startedAt' | 'allowedRestarts' | 'dropped' | 'overwritten'>,
): MigrationRecord => ({
  plan: metadata.name,
  from: spec.from,
  to: spec.to,
  ...given,
  waves: waves.map((wave) => pending(wave, given.startedAt)),
});

const pending = ({ number, title, objects }: Wave, now: string): WaveRecord => ({
  number,
  title,
  objects,
  applied: 0,
  state: 'pending',
  since: now,
});

export type WaveChange = Partial<Pick<WaveRecord, 'state' | 'applied' | 'why' | 'removesCopies'>>;

/** `since` moves with the state; `why` and `removesCopies` are of one state. */
export function withWave(record: MigrationRecord, number: number, change: WaveChange, now: string): MigrationRecord {
  const waves = record.waves.map((wave) => {
    if (wave.number !== number) return wave;
    const moved = change.state !== undefined && change.state !== wave.state;
    const { why: _, removesCopies: _removes, ...rest } = wave;
    return { ...(moved ? { ...rest, since: now } : wave), ...change };
  });
  return { ...record, waves };
}

/** Of 1 MiB that a ConfigMap holds: what comes beyond it is counted in its wave only. */
const mostObjectRecords = 1_000;

/** What is known of these objects replaces what was; nothing is known any more of one that is `undefined`. */
export function withObjects(
  record: MigrationRecord,
  changes: readonly { readonly object: PlannedObject; readonly now: Omit<ObjectRecord, 'object'> | undefined }[],
): MigrationRecord {
  if (changes.length === 0) return record;
  const known = new Map((record.objects ?? []).map((each) => [each.object, each]));
  for (const { object, now } of changes) {
    const reference = referenceOf(object);
    if (now) known.set(reference, { object: reference, ...now });
    else known.delete(reference);
  }
  const { objects: _, ...rest } = record;
  const objects = [...known.values()].slice(0, mostObjectRecords);
  return objects.length > 0 ? { ...rest, objects } : rest;
}

/** Of the whole: the first wave that is in trouble or at work decides, then what is still to come. */
export function stateOf({ waves }: MigrationRecord): WaveState {
  const first = (...states: readonly WaveState[]) => waves.find(({ state }) => states.includes(state))?.state;
  const all = (...states: readonly WaveState[]) => waves.every(({ state }) => states.includes(state));
  if (all('applied')) return 'applied';
  if (all('pending')) return 'pending';
  // Of one that has waves applied, and others rolled back, something is still to be undone or done.
  if (all('pending', 'rolled-back')) return 'rolled-back';
  return first('failed', 'rolling-back', 'applying', 'paused') ?? 'paused';
}
