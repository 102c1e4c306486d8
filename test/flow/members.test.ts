/** Members with troubles of their own: clocks that are wrong, API servers that start anew in the middle of it. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, onMembers, policyFor, quiet, worksOf } from '#harness/samples.ts';
import { soaking } from '#harness/soak.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { serviceUnavailable, timedOut } from '#kube/status/errors.ts';
import type { Clock } from '#world/clock/clock.ts';

let flow: Flow;
afterEach(() => flow.stop());

const containerOf = (live: Anything) => live.spec.template.spec.containers[0];
const gone = async (object: Anything) =>
  flow.until('the binding is gone', async () => (await handsOn(flow).control.find(bindingOf(object))) === undefined);

describe('a member whose clock is wrong', () => {
  const hours = 3_600_000;
  const skews: Readonly<Record<string, number>> = { member1: 3 * hours, member2: -3 * hours };

  it('is taken over, followed, put right and given back like any other', async () => {
    flow = await startFlow({
      clockOf: (member, clock) => ({ ...clock, now: () => clock.now() + skews[member]! }),
    });
    const { control, member1, member2 } = handsOn(flow);
    const members = [member1, member2];
    for (const member of members)
      await member.apply({ ...nginx, metadata: { ...nginx.metadata, labels: { own: 'yes' } } });
    const before = await Promise.all(members.map((member) => member.get(nginx)));
    const policy = policyFor('pp', [nginx], {
      placement: onMembers('member1', 'member2'),
      preserveResourcesOnDeletion: true,
    });
    await control.apply(policy);
    await control.apply(nginx);
    await applied(flow, nginx);
    await quiet(flow);
    const [ahead, behind] = await Promise.all(members.map((member) => member.get(nginx)));
    expect(Date.parse(ahead.metadata.creationTimestamp) - Date.parse(behind.metadata.creationTimestamp)).toBe(
      6 * hours,
    );

    await control.setImage(nginx, 'nginx', 'nginx:2');
    for (const member of members) {
      await flow.until('the image is there', async () => containerOf(await member.get(nginx)).image === 'nginx:2');
      await member.setImage(nginx, 'nginx', 'nginx:drifted');
      await flow.until('drift is put right', async () => containerOf(await member.get(nginx)).image === 'nginx:2');
      await member.delete(nginx);
      await flow.until('it is there again', () => member.find(nginx));
    }
    await applied(flow, nginx);
    await quiet(flow);
    const settled = flow.writes.length;
    await flow.pass(60_000);
    expect(flow.writes.slice(settled)).toEqual([]);

    const uids = await Promise.all(members.map(async (member) => (await member.get(nginx)).metadata.uid));
    expect(uids).not.toEqual(before.map(({ metadata }) => metadata.uid));
    await control.delete(nginx);
    await gone(nginx);
    await quiet(flow);
    for (const [i, member] of members.entries()) {
      const live = await member.get(nginx);
      expect(live.metadata.uid).toBe(uids[i]);
      expect(live.metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
    }
  });
});

const writing = new Set(['create', 'update', 'patch', 'delete']);

/** A member's API server that goes away at the n-th write of a Deployment, that one done or not, and is back after three seconds. */
function dyingAt(write: number, done: boolean) {
  const awayMs = 3_000;
  let writes = 0;
  let backAt: number | undefined;
  const sinks = new Set<(error: Error) => void>();
  let clock: Clock;
  const isAway = () => backAt !== undefined && clock.monotonic() < backAt;
  const die = () => {
    backAt = clock.monotonic() + awayMs;
    for (const end of sinks) end(serviceUnavailable('the API server has gone away'));
    sinks.clear();
  };
  const refuse = () => {
    if (isAway()) throw serviceUnavailable('nobody listens there');
  };
  const before = (_member: string, handler: ApiHandler): ApiHandler => ({
    ...handler,
    handle: async (request) => {
      refuse();
      const isWrite = request.path.resource === 'deployments' && writing.has(request.verb);
      if (!isWrite || ++writes !== write) return handler.handle(request);
      if (done) await handler.handle(request);
      die();
      throw timedOut('the connection broke');
    },
    watch: async (request, sink) => {
      refuse();
      sinks.add(sink.end);
      return handler.watch(request, sink);
    },
  });
  const clockOf = (_member: string, its: Clock) => {
    clock = its;
    return its;
  };
  return { options: { before, clockOf }, died: () => backAt !== undefined };
}

describe('a member that starts anew in the middle of it', () => {
  const running = { ...nginx, metadata: { ...nginx.metadata, labels: { team: 'web' } } };

  const withoutIds = (states: Anything) =>
    JSON.parse(JSON.stringify(states).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id'));

  /** Taken over, changed, and given back; answers what the member has in between and at the end. */
  async function day(write: number, done: boolean): Promise<{ readonly states: Anything; readonly died: boolean }> {
    const member = dyingAt(write, done);
    flow = await startFlow({ members: ['member1'], ...member.options });
    const { control, member1 } = handsOn(flow);
    const stateOf = async () => {
      const { metadata, spec } = await member1.get(nginx);
      const { generation, labels, annotations, managedFields } = metadata;
      const owners = managedFields.map(({ manager, operation, fieldsV1 }: Anything) => ({
        manager,
        operation,
        fieldsV1,
      }));
      return { generation, labels, annotations, owners, spec };
    };
    await member1.apply(running);
    const { uid } = (await member1.get(nginx)).metadata;
    await control.apply(policyFor('pp', [nginx], { preserveResourcesOnDeletion: true }));
    await control.apply(nginx);
    await applied(flow, nginx);
    await quiet(flow);
    const taken = await stateOf();
    expect(await control.list('apps/v1', 'ControllerRevision')).toHaveLength(1);
    await control.setImage(nginx, 'nginx', 'nginx:2');
    await flow.until('the change is there', async () => containerOf(await member1.get(nginx)).image === 'nginx:2');
    await applied(flow, nginx);
    await quiet(flow);
    const changed = await stateOf();
    const [work] = await worksOf(flow, nginx);
    expect(work.status.conditions.find((each: Anything) => each.type === 'Applied').message).toBe(
      'Manifest has been successfully applied',
    );
    await control.delete(nginx);
    await gone(nginx);
    await quiet(flow);
    expect((await member1.get(nginx)).metadata.uid).toBe(uid);
    expect(await control.list('apps/v1', 'ControllerRevision')).toEqual([]);
    return { states: withoutIds({ taken, changed, left: await stateOf() }), died: member.died() };
  }

  it('has in the end what a member has that never went away, whichever write it died at', async () => {
    const { states: calm } = await day(Number.POSITIVE_INFINITY, false);
    expect(containerOf(calm.changed).image).toBe('nginx:2');
    let deaths = 0;
    // Done and not known to be done is the harder half; the other is for long nights.
    for (const done of soaking ? [true, false] : [true]) {
      for (let write = 1; ; write++) {
        await flow.stop();
        const { states, died } = await day(write, done);
        if (!died) break;
        deaths++;
        expect(states, `${done ? 'after' : 'before'} write ${write}`).toEqual(calm);
      }
    }
    expect(deaths).toBeGreaterThanOrEqual(4);
  });
});
