/** What a member would hold after all writes of an adoption, of which only one changes the object. */
import { expect, test } from 'vitest';
import { Deployments } from '#apis/kubernetes/types.ts';
import { knownKind } from '#app/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { createIn, deployment, requesting, startTestMember } from '#member/member.fixture.ts';
import { decide } from './decide.ts';
import { templateOf } from './template.ts';

const rule = (plaintext: readonly object[]) => ({
  policy: { kind: 'OverridePolicy', metadata: { namespace: 'default', name: 'less' } },
  rule: { overriders: { plaintext } },
  path: 'spec.overriders',
});
const remove = (path: string) => ({ path, operator: 'remove' });
const image = '/spec/template/spec/containers/0/image';

test.each<[string, readonly object[], object]>([
  ['nothing', [], { is: 'adopt' }],
  [
    'a field of the Pods away that somebody had set',
    [remove('/spec/template/spec/priorityClassName')],
    { is: 'restart', fields: [{ path: '.spec.template.spec.priorityClassName' }] },
  ],
  [
    'a field beside the Pods away',
    [remove('/spec/minReadySeconds')],
    { is: 'change', fields: ['.spec.minReadySeconds'] },
  ],
  [
    'a field of the Pods to another value',
    [{ path: image, operator: 'replace', value: 'other:2' }],
    { is: 'restart', fields: [{ path: '.spec.template.spec.containers[name="web"].image' }] },
  ],
  ['what no server takes', [remove(image)], { is: 'blocked', reason: expect.stringContaining('member1 would refuse') }],
  [
    'what is not there',
    [remove('/spec/nothing')],
    { is: 'blocked', reason: expect.stringContaining('OverridePolicy') },
  ],
])('an override takes %s', async (_what, overriders, expected) => {
  const { member, input } = await running(overriders);
  expect(await decide(input)).toMatchObject(expected);
  // A member that writes to it all the time, as it does to a status, is no reason to refuse anything.
  const metadata = { labels: { now: 'another' } };
  await member.client.resource(Deployments).patch({ namespace: 'default', name: 'web' }, 'merge', { metadata });
  expect(await decide(input)).toMatchObject(expected);
});

async function running(overriders: readonly object[]) {
  const member = await startTestMember();
  const { client, clock } = member;
  const made = deployment('web', 2, { ...requesting('100m'), priorityClassName: 'system-node-critical' });
  await createIn(member, { ...made, spec: { ...made.spec, minReadySeconds: 5 } } as never);
  const found = await client.resource(Deployments).get({ namespace: 'default', name: 'web' });
  const live = { ...found, apiVersion: 'apps/v1', kind: 'Deployment' } as unknown as UnstructuredObject;
  const kind = knownKind(gvkOf(live))!;
  const input = {
    cluster: 'member1',
    client,
    resource: await restMapper(client, { clock }).forKind(gvkOf(live)),
    live,
    kind,
    template: templateOf(live, kind).template,
    interpreter: interpreterOf([nativeSource]),
    rules: overriders.length > 0 ? [rule(overriders) as never] : [],
  };
  return { member, input };
}
