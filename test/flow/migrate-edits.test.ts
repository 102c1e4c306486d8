/** Templates that are edited once their objects are under management: applied again, in every cluster, or not at all. */
import { afterEach, expect, it } from 'vitest';
import type { Flow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { type Applying, applying } from '#harness/migration.ts';
import '#harness/policies-loaded.ts';
import { wavesBack } from '#harness/rolled-back.ts';
import { inShop, podsIn, runningShop } from '#harness/running-shop.ts';
import { handsOn } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow?.stop());

/** A rule of a cluster's own against writes of some resources. */
const frozen = (...resources: readonly string[]): readonly Anything[] => {
  const of = (kind: string, spec: object) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'frozen' },
    spec,
  });
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources };
  return [
    of('ValidatingAdmissionPolicy', {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: 'false', message: 'frozen for the sale' }],
    }),
    of('ValidatingAdmissionPolicyBinding', { policyName: 'frozen', validationActions: ['Deny'] }),
  ];
};

it('waits until every cluster has what was edited, and fails what one of them refuses', async () => {
  const namespace = inShop('Namespace', 'shop');
  const made = await runningShop({ to: ['member1', 'member2'], alsoThere: [namespace] });
  ({ flow } = made);
  const { member1, member2 } = handsOn(flow);
  const apply = (options: Applying = {}) => flow.drive(applying(flow, made, options));
  const freeze = async (...resources: readonly string[]) => {
    for (const object of frozen(...resources)) await flow.drive(member2.apply(object));
    await flow.pass(2_000);
  };
  const [one, password] = [inShop('ConfigMap', 'one'), inShop('Secret', 'password')];
  const settings = { resume: true, timeoutMs: 20_000, maxFailures: 9 };
  await freeze('secrets');
  // The wave is not done: it is gone through again.
  expect(await apply({ settings })).toMatchObject({ is: 'paused' });
  expect(await member2.find(password)).toBeUndefined();

  const { file } = made.plan.objects.find(({ kind, name }) => kind === 'ConfigMap' && name === 'one')!;
  const text = (await made.disk.readText(`${made.folder}/${file}`))!;
  const edited = text.replace('data:\n  name: one\n', 'data:\n  name: edited\n');
  expect(edited).not.toBe(text);
  await made.disk.write(`${made.folder}/${file}`, edited);
  await freeze('configmaps');
  const refused = await apply({ settings });
  expect(refused).toMatchObject({ is: 'paused', why: expect.stringMatching(/ConfigMap shop\/one: member2: .*frozen/) });
  for (const object of frozen()) await flow.drive(member2.delete(object));
  await flow.pass(2_000);

  expect(await apply({ settings })).toMatchObject({ is: 'applied' });
  // At once: nothing is on its way any more.
  for (const member of [member1, member2]) expect((await member.get(one)).data).toEqual({ name: 'edited' });
  expect(await member2.find(password)).toBeDefined();

  // By another plan.yaml all waves are begun anew; what they had made elsewhere is in use by then, and stays.
  const planFile = `${made.folder}/plan.yaml`;
  await made.disk.write(planFile, `${await made.disk.readText(planFile)}# again\n`);
  await made.disk.write(`${made.folder}/${file}`, edited.replace('name: edited', 'name: again'));
  await freeze('configmaps');
  const more = { rollBack: wavesBack(flow, made) };
  const again = { settings: { ...settings, maxFailures: 0 }, more };
  // Nor can it be let go of while the cluster takes no writes.
  expect(await apply(again)).toMatchObject({ is: 'rolling-back', why: expect.stringContaining('frozen') });
  for (const object of frozen()) await flow.drive(member2.delete(object));
  await flow.pass(2_000);
  expect(await apply(again)).toMatchObject({ is: 'rolled-back' });
  expect(await member2.find(one)).toBeDefined();
  expect(await podsIn(flow, 'member1')).toEqual(made.pods);
});
