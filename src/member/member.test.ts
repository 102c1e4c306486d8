import { expect, test } from 'vitest';
import { Deployments } from '#apis/kubernetes/types.ts';
import { createDeployment, deployment, startTestMember } from './member.fixture.ts';

test('a Deployment comes up', async () => {
  const member = await startTestMember();
  console.log(member.writes);
  member.writes.length = 0;
  const t0 = performance.now();
  await createDeployment(member, deployment('nginx', 2));
  console.log(performance.now() - t0);
  console.log(member.writes, member.member.status().filter((s) => s.troubles.length));
  const pods = await member.pods();
  console.log(JSON.stringify(pods[0], (k, v) => (k === 'managedFields' ? undefined : v), 1));
  const d = await member.client.resource(Deployments).get({ namespace: 'default', name: 'nginx' });
  console.log(JSON.stringify(d.status));
  expect(pods.length).toBe(2);
});
