/** Which fields of an object are others than before, whose doing that is, and how bad. Pure. */
import type { PlannedObject } from '../model.ts';
import type { ObjectEvidence } from './evidence.ts';
import { changedFields, isBelow, touches } from './fields.ts';

/** Whose doing a change is. */
export type By =
  /** The plan said that it would come. */
  | 'plan'
  /** Its template was edited in the control plane since. */
  | 'template'
  /** A controller of the cluster: an autoscaler, the Deployment's own. */
  | 'controller'
  /** Somebody else, in the cluster itself. */
  | 'somebody'
  /** Ours, and not foretold. */
  | 'migration'
  | 'unknown';

export interface FieldChange {
  /** `.spec.template.spec.containers[name="web"].image`. */
  readonly path: string;
  readonly by: By;
  /** Field manager, and when it wrote last, RFC 3339. */
  readonly manager?: string;
  readonly time?: string;
  /** As JSON, cut short; of a Secret masked. Absent: it was not there, or is not known. */
  readonly before?: string;
  readonly after?: string;
}

/**
 * restart: a Pod or container that ran runs no more. change: the object is another, by the migration or nobody knows by
 * whom. drift: by somebody else, since. note: expected, and no failure.
 */
export type Severity = 'restart' | 'change' | 'drift' | 'note';

export const severityOf: Readonly<Record<By, Severity>> = {
  plan: 'note',
  template: 'note',
  controller: 'note',
  somebody: 'drift',
  migration: 'change',
  unknown: 'change',
};

/** What was found out about an object beyond its evidence. */
export interface Reasons {
  readonly fields: readonly FieldChange[];
  /** The last edit of its template in the control plane that was not the migration's. */
  readonly edit?: { readonly manager: string; readonly time: string };
  /** What its Work says: who keeps changing what. */
  readonly remark?: string;
}

/** Annotations that controllers of Kubernetes keep on what people made. */
const controllersOwn: readonly string[] = [
  'deployment.kubernetes.io/',
  'deprecated.daemonset.template.generation',
  'pv.kubernetes.io/',
  'volume.kubernetes.io/',
  'volume.beta.kubernetes.io/',
  'autoscaling.alpha.kubernetes.io/',
  'control-plane.alpha.kubernetes.io/',
  'endpoints.kubernetes.io/',
].map((prefix) => `.metadata.annotations.${prefix}`);

export const isControllersOwn = (path: string): boolean => controllersOwn.some((prefix) => path.startsWith(prefix));

/** The plan, or an override policy it counted in, said that the field would change. */
export function isForetold({ verdict, overrides = [] }: PlannedObject, path: string): boolean {
  const own = verdict.is === 'change' ? verdict.fields : [];
  const restarting = verdict.is === 'restart' ? verdict.fields.map((field) => field.path) : [];
  const overridden = overrides.flatMap(({ fields }) => fields);
  return [...own, ...restarting, ...overridden].some((foretold) => touches(foretold, path));
}

/** What the plan alone tells of it. */
function foreseen(planned: PlannedObject, path: string): FieldChange {
  const kept = planned.kept?.find((field) => touches(field.path, path));
  if (kept) return { path, by: 'controller', ...(kept.managers[0] ? { manager: kept.managers[0] } : {}) };
  if (isControllersOwn(path)) return { path, by: 'controller' };
  return { path, by: isForetold(planned, path) ? 'plan' : 'unknown' };
}

export function changesOf(
  before: ObjectEvidence,
  after: ObjectEvidence,
  planned: PlannedObject,
  reasons: Reasons | undefined,
): readonly FieldChange[] {
  if (before.hash === after.hash) return [];
  const paths = changedFields(before.fields, after.fields);
  // What the fields do not tell: the order of a list that has keys.
  if (paths.length === 0) return [{ path: '', by: 'unknown' }];
  return paths.map((path) => reasons?.fields.find((each) => each.path === path) ?? foreseen(planned, path));
}

export const who = ({ manager, time }: Pick<FieldChange, 'manager' | 'time'>): string =>
  `${manager ?? 'somebody'}${time ? ` at ${time}` : ''}`;

/** Fields named of one object in one line; all of them are in the report. */
const mostNamed = 4;

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ');
}

const words: Readonly<Record<By, (change: FieldChange) => string>> = {
  plan: () => 'changed as the plan said',
  template: (change) => `follows its template, edited by ${who(change)}`,
  controller: ({ manager }) => `set by ${manager ?? 'a controller'}`,
  somebody: (change) => `changed in the cluster by ${who(change)}`,
  migration: () => 'changed by the migration, and the plan did not say so',
  unknown: () => 'states something else than before',
};

export interface ContentFound {
  readonly is: Severity;
  readonly what: string;
  readonly fields: readonly FieldChange[];
}

/** One for each of those who changed something. */
export function contentDifferences(changes: readonly FieldChange[]): readonly ContentFound[] {
  const groups = Map.groupBy(changes, (change) => `${change.by} ${change.manager} ${change.time}`);
  return [...groups.values()].map((fields) => ({
    is: severityOf[fields[0]!.by],
    what: `${words[fields[0]!.by](fields[0]!)}: ${listed(fields.map(({ path }) => path || 'the order of its lists, or all of it'))}`,
    fields,
  }));
}

/** A change of these replaces its Pods. */
export const isOfPodTemplate = ({ path }: FieldChange): boolean =>
  isBelow(path, '.spec.template') || path === '.spec' || path === '';

export const isOfReplicas = ({ path }: FieldChange): boolean => path === '.spec.replicas';
