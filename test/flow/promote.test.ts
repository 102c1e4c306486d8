/** `promote` on a living member: its Pods run on, what it needs comes along, and what cannot be made is taken back. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClusterKind } from '#apis/cluster/cluster.ts';
import { knownKind } from '#app/kinds.ts';
import type { ApiClient } from '#client/api-client.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, handsOn, policyFor, quiet } from '#harness/samples.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { isReason } from '#kube/status/status.ts';
import { carryOut, type Done } from '#migrate/promote/carry-out.ts';
import { look, type PromoteOptions, type Promotion } from '#migrate/promote/promotion.ts';
import { startFleet } from '../simulation/fleet.ts';

const settings: Anything = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings' },
  data: { a: 'b' },
};
const web: Anything = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        // What a default would not write: it must not get lost on the way.
        affinity: {},
        containers: [
          {
            name: 'web',
            image: 'web:1',
            envFrom: [{ configMapRef: { name: 'settings' } }],
            resources: { requests: { cpu: '100m' } },
          },
        ],
      },
    },
  },
};

let flow: Flow;
beforeEach(async () => {
  ({ flow } = await startFleet(11));
  const { member1 } = handsOn(flow);
  await member1.apply(settings);
  await member1.apply(web);
  await flow.until('web runs', async () => (await member1.get(web)).status?.readyReplicas === 2);
});
afterEach(() => flow.stop());

const isManaged = ({ metadata }: Anything): boolean => metadata.labels?.['karmada.io/managed'] === 'true';

const pods = async () =>
  new Set((await handsOn(flow).member1.list('v1', 'Pod', 'default')).map(({ metadata }: Anything) => metadata.uid));

async function optionsFor(client: ApiClient = flow.control): Promise<PromoteOptions> {
  const { clock } = flow;
  const cluster = await flow.control.resource(ClusterKind).get({ name: 'member1' });
  const member = flow.member('member1');
  return {
    member: { client: member, mapper: restMapper(member, { clock }), cluster, kindOf: (gvk) => knownKind(gvk)! },
    control: { client, mapper: restMapper(flow.control, { clock }) },
    interpreter: interpreterOf([nativeSource]),
    overridePolicies: [],
    policies: [],
    along: 'dependencies',
    withPolicy: true,
    policyName: '',
  };
}

const wordOf = (done: Done): string =>
  done.is === 'policy'
    ? 'policy'
    : `${done.is} ${done.piece.template.kind}${done.is === 'kept' ? `: ${done.why}` : ''}`;

/** What happened, and the error that it ended with. */
async function carried({ control }: PromoteOptions, promotion: Promotion) {
  const said: string[] = [];
  const carrying = carryOut(control, promotion, (done) => said.push(wordOf(done)));
  const error = await flow.drive(
    carrying.then(
      () => undefined,
      (why: unknown) => why,
    ),
  );
  return { said, error };
}

test('takes over what runs, with what it needs, and lets go of it whole', async () => {
  const { control, member1 } = handsOn(flow);
  const [before, podsBefore] = [await member1.get(web), await pods()];
  const options = await optionsFor();
  const promotion = await flow.drive(look(options, before));
  expect([promotion.main, ...promotion.companions].map(({ verdict }) => verdict)).toEqual([
    { is: 'adopt' },
    { is: 'adopt' },
  ]);
  expect(await carried(options, promotion)).toEqual({
    said: ['companion ConfigMap', 'template Deployment', 'policy'],
    error: undefined,
  });
  await applied(flow, web);
  await flow.until('settings came along', async () => isManaged(await member1.get(settings)));
  await quiet(flow);
  const after = await member1.get(web);
  expect(after.spec).toEqual(before.spec);
  expect(await pods()).toEqual(podsBefore);
  // Exactly what was foreseen was written.
  const foreseen = promotion.main.changes.map(({ path }) => path);
  const written = (['labels', 'annotations'] as const).flatMap((part) =>
    Object.keys(after.metadata[part] ?? {})
      .filter((key) => !(key in (before.metadata[part] ?? {})))
      .map((key) => `.metadata.${part}.${key}`),
  );
  expect(foreseen).toEqual(written.sort());

  await control.delete(web);
  await control.delete(settings);
  await flow.until('the member has its own again', async () => {
    const objects = [await member1.get(web), await member1.get(settings)];
    return !objects.some(isManaged);
  });
  expect(await pods()).toEqual(podsBefore);
});

test('takes everything back where the template cannot be made', async () => {
  const { control, member1 } = handsOn(flow);
  const options = await optionsFor();
  const promotion = await flow.drive(look(options, await member1.get(web)));
  await control.apply(web);
  const { said, error } = await carried(options, promotion);
  expect(said).toEqual(['companion ConfigMap', 'reverted ConfigMap']);
  expect(isReason(error, 'AlreadyExists')).toBe(true);
  expect(await control.find(settings)).toBeUndefined();
  await flow.until('the policy is gone', async () => (await control.find(promotion.policy as Anything)) === undefined);
  await quiet(flow);
  expect((await member1.get(settings)).metadata.labels).toBeUndefined();
});

test('keeps what a policy of others has begun to propagate: with it the member would lose its own', async () => {
  const { control, member1 } = handsOn(flow);
  await control.apply(policyFor('everything', [{ apiVersion: 'v1', kind: 'ConfigMap' }]));
  const late: ApiClient = {
    ...flow.control,
    resource: (ref) => {
      const resource = flow.control.resource(ref);
      const create: typeof resource.create = async (object, options) => {
        if (ref.resource !== 'deployments' || options?.dryRun) return resource.create(object, options);
        while (!(await control.get(settings)).metadata.annotations?.['propagationpolicy.karmada.io/name'])
          await new Promise<void>((resolve) => flow.clock.after(100, resolve));
        throw new Error('it broke');
      };
      return { ...resource, create };
    },
  };
  const options = await optionsFor(late);
  const promotion = await flow.drive(look(options, await member1.get(web)));
  const { said, error } = await carried(options, promotion);
  expect([said, (error as Error).message]).toEqual([
    ['companion ConfigMap', 'kept ConfigMap: PropagationPolicy has it'],
    'it broke',
  ]);
  await applied(flow, settings);
  expect((await member1.get(settings)).data).toEqual({ a: 'b' });
});

test('says what could not be taken back beside what went wrong first', async () => {
  const { control, member1 } = handsOn(flow);
  const stuck: ApiClient = {
    ...flow.control,
    resource: (ref) => {
      const resource = flow.control.resource(ref);
      if (ref.resource !== 'configmaps') return resource;
      return { ...resource, delete: () => Promise.reject(new Error('not now')) };
    },
  };
  const options = await optionsFor(stuck);
  const promotion = await flow.drive(look(options, await member1.get(web)));
  await control.apply(web);
  const { said, error } = await carried(options, promotion);
  expect(said).toEqual(['companion ConfigMap', 'kept ConfigMap: not now']);
  expect(isReason(error, 'AlreadyExists')).toBe(true);
});
