/** What people do, by chance: each action says in words what it did, and tells the ledger what it gives reason for. */
import type { Anything, Kubectl } from '#harness/kubectl.ts';
import type { Random } from '#world/random/random.ts';
import { applicationPolicy, count, migratePolicy, service, template } from './applications.ts';
import type { Ledger } from './ledger.ts';

/**
 * preserving: every policy keeps what runs; late: the flag is set only right before templates are deleted, and
 * policies stay; plain: templates are deleted without a flag, and what they made may go.
 */
export type Temper = 'preserving' | 'late' | 'plain';

export interface PeopleOptions {
  readonly control: Kubectl;
  readonly member1: Kubectl;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly temper: Temper;
}

export function people({ control, member1, ledger, random, temper }: PeopleOptions): () => Promise<string> {
  const number = (below: number) => Math.floor(random.next() * below);
  const chance = (rate: number) => random.next() < rate;
  /** Applications whose template says another image or size than it did at first; applying it anew takes that back. */
  const changed = new Set<number>();
  let preserve = temper === 'preserving';
  let policies: Anything[] = [];

  const applyPolicy = async (policy: Anything) => {
    policies = [...policies.filter((each) => each.metadata.name !== policy.metadata.name), policy];
    await control.apply(policy);
  };
  const withFlag = (policy: Anything) => ({
    ...policy,
    spec: { ...policy.spec, preserveResourcesOnDeletion: preserve },
  });

  /** Undefined for what is not there: it cannot be edited, people are told so and go on. */
  const editing = async (i: number, change: (live: Anything) => Anything) => {
    const live = await control.find(template(i));
    if (live) await control.edit(template(i), change);
    return live !== undefined;
  };

  const create = async (i: number) => {
    if (changed.delete(i)) ledger.release(i);
    await control.apply(template(i));
    await control.apply(service(i));
    return `applies the templates of app-${i}`;
  };
  const label = async (i: number) => {
    const done = await editing(i, (live) => ({
      ...live,
      metadata: { ...live.metadata, labels: { ...live.metadata.labels, tier: `t${number(9)}` } },
    }));
    return done ? `labels app-${i}` : '';
  };
  const image = async (i: number) => {
    const version = 2 + number(5);
    ledger.release(i);
    changed.add(i);
    return (await control.find(template(i)))
      ? control.setImage(template(i), 'app', `app:${version}`).then(() => `sets the image of app-${i} to ${version}`)
      : '';
  };
  const scaleUp = async (i: number) => {
    const replicas = 3 + number(2);
    // Scaling down again would take Pods; up only takes none.
    const live = await control.find(template(i));
    if (!live || live.spec.replicas >= replicas) return '';
    changed.add(i);
    await control.scale(template(i), replicas);
    return `scales app-${i} to ${replicas}`;
  };
  const touchMember = async (i: number) => {
    const live = await member1.find(template(i));
    if (!live) return '';
    await member1.label(template(i), 'seen-by', `p${number(9)}`);
    return `labels app-${i} in member1`;
  };
  const migrate = async () => {
    // What a policy that is gone had spread it takes over, and asks for member1 alone.
    const held = new Set(policies.map(({ metadata }) => metadata.name));
    for (let i = 0; i < count; i++)
      if (!preserve && !held.has(applicationPolicy(i, false, false).metadata.name)) ledger.release(i, 'member2');
    await applyPolicy(migratePolicy(preserve));
    return 'applies the policy for everything';
  };
  const spread = async (i: number) => {
    const wide = chance(0.7);
    ledger.release(i, 'member2');
    await applyPolicy(applicationPolicy(i, preserve, wide));
    return `applies the policy of app-${i}, ${wide ? 'spread' : 'not spread'}`;
  };
  const dropPolicy = async () => {
    const policy = policies[number(policies.length)];
    // A policy whose flag is not set leaves bindings that nobody's later flag reaches.
    if (!policy || temper === 'late') return '';
    policies = policies.filter((each) => each !== policy);
    // Applied while it was still ending, it has ended all the same.
    if (!(await control.find(policy))) return '';
    for (let i = 0; i < count; i++) ledger.release(i, 'member2');
    await control.delete(policy);
    return `deletes ${policy.metadata.name}`;
  };
  const leave = async (i: number) => {
    if (!(await control.find(template(i)))) return '';
    ledger.release(i, 'member2');
    if (temper === 'plain') ledger.mayGo(i);
    if (temper === 'late' && !preserve) {
      preserve = true;
      policies = policies.map(withFlag);
      for (const policy of policies) await control.apply(policy);
    }
    await control.delete(template(i));
    if (await control.find(service(i))) await control.delete(service(i));
    return `deletes the templates of app-${i}`;
  };

  const anyApplication = (run: (i: number) => Promise<string>) => () => run(number(count));
  const actions = [create, create, create, label, image, scaleUp, touchMember, spread, spread, leave]
    .map(anyApplication)
    .concat(migrate, migrate, dropPolicy);
  return () => actions[number(actions.length)]!();
}
