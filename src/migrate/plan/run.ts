/** Makes a plan: reads the running cluster, decides for each object, orders what is to be taken over. Writes nothing. */
import type { Policy } from '#apis/policy/matching.ts';
import type { KindFinder } from '#client/kinds.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import type { Clock } from '#world/clock/clock.ts';
import { type Around, readAround } from '../closure/around.ts';
import { keyOfNamed, type Named, namedOf } from '../closure/named.ts';
import { readTarget } from '../closure/target.ts';
import type { ControlPlane, Read } from '../control/control-plane.ts';
import type { MigrationPlan, PlanScope } from '../model.ts';
import { type Inventory, type Source, takeInventory } from '../reading/inventory.ts';
import { whySkipped } from '../reading/selection.ts';
import { assemble, kindsOf } from './assemble.ts';
import { judge } from './judge.ts';
import { definedBy, sharedNames } from './obstacles.ts';

export interface PlanProgress {
  readonly reading: (read: number) => void;
  readonly deciding: (done: number, total: number) => void;
}

export interface PlanOptions {
  readonly name: string;
  /** The running cluster, under the name it has, or will have, in the control plane. */
  readonly from: Source & { readonly cluster: string; readonly id: string; readonly kindOf: KindFinder };
  readonly to: readonly string[];
  /** One of `to`, to look at what it has already. Throws where there is no way to it. */
  readonly target: (cluster: string) => Promise<Source>;
  readonly scope: PlanScope;
  /** Whether what belongs to the selected objects is selected too. */
  readonly withClosure: boolean;
  readonly interpreter: Interpreter;
  /** `noControlPlane` where there is none yet. */
  readonly control: (read: Read) => Promise<ControlPlane>;
  readonly clock: Clock;
  readonly progress: PlanProgress;
}

export interface MadePlan {
  readonly plan: MigrationPlan;
  /** By position in `plan.objects`; undefined for what is not taken over. */
  readonly templates: readonly (UnstructuredObject | undefined)[];
  readonly policies: readonly { readonly wave: number; readonly policy: Policy }[];
  readonly unread: Inventory['unread'];
}

/** Dry runs on their way at a time: enough to keep a server busy, few enough to leave it its other work. */
const decidedAtATime = 16;

export async function makePlan(options: PlanOptions): Promise<MadePlan> {
  const { from, to, scope, withClosure, interpreter, progress } = options;
  const inventory = await takeInventory(from, scope, progress.reading);
  const around = await readAround({ source: from, interpreter, scope, objects: inventory.objects, withClosure });
  const objects = [...inventory.objects, ...around.brought.keys()];
  const own = objects.filter((object) => whySkipped(object) === undefined);
  const names = namesAround(own, around);
  const kinds = kindsOf([...own, ...lives(around), { apiVersion: 'v1', kind: 'Namespace', metadata: {} }]);
  const control = await options.control({ kinds, clusters: to });
  const unread = [...inventory.unread, ...around.unread];
  const others = to.filter((cluster) => cluster !== from.cluster);
  const targets = await Promise.all(others.map((cluster) => readTarget(cluster, options.target, names, unread)));
  const facts = {
    control,
    targets: targets.filter((each) => each !== undefined),
    shared: sharedNames(own),
    defines: definedBy(own),
  };
  let done = 0;
  const judged = await eachLimited(objects, decidedAtATime, async (live) => {
    const verdict = await judge(options, facts, live);
    progress.deciding(++done, objects.length);
    return verdict;
  });
  const heldOf = await control.holding(names);
  const told = [...new Map(unread.map((each) => [each.resource, each])).values()];
  return assemble(options, { facts, judged, around, heldOf, unread: told });
}

const lives = ({ relations }: Around): readonly UnstructuredObject[] =>
  [...relations.values()].flatMap(({ related }) => related.flatMap(({ live }) => live ?? []));

/** Each once: the objects, where they are put, and what is related to them. */
function namesAround(objects: readonly UnstructuredObject[], { relations }: Around): readonly Named[] {
  const byKey = new Map<string, Named>();
  const add = (named: Named) => byKey.set(keyOfNamed(named), named);
  for (const object of objects) {
    add(namedOf(object));
    const { namespace } = object.metadata;
    if (namespace) add({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  }
  for (const { related } of relations.values())
    for (const { apiVersion, kind, namespace, name } of related)
      add({ apiVersion, kind, ...(namespace ? { namespace } : {}), name });
  return [...byKey.values()];
}
