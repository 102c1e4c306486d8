/** What `why` says of an object that comes along with others: with whom, by which binding, and what keeps it from coming. */

import { afterEach, describe, expect, it } from 'vitest';
import { whyOf } from '#harness/explaining.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { handsOn, nginx, onMembers, policyFor, quiet } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow.stop());

const settings: Anything = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings' },
  data: { a: '1' },
};
const [container] = nginx.spec.template.spec.containers;
const containers = [{ ...container, envFrom: [{ configMapRef: { name: 'settings' } }] }];
const web: Anything = {
  ...nginx,
  spec: { ...nginx.spec, template: { ...nginx.spec.template, spec: { containers } } },
};
const policy = (spec: Anything = {}) => policyFor('web', [web], spec);
const about = () => whyOf(flow, 'configmap', 'settings');
const without = 'ConfigMap default/settings has no policy of its own';

async function begin(...objects: readonly Anything[]) {
  flow = await startFlow();
  const { control } = handsOn(flow);
  for (const object of objects) await control.apply(object);
  await quiet(flow);
  return control;
}

describe('why, of what others need,', () => {
  it.each<[string, Anything, string, string]>([
    [
      'nobody brings along',
      policy(),
      `${without}, and PropagationPolicy default/web does not bring along what Deployment default/nginx-deploy needs (spec.propagateDeps).`,
      `flotilla patch propagationpolicy/web -n default --type merge -p '{"spec":{"propagateDeps":true}}'`,
    ],
    [
      'belongs to somebody who is nowhere',
      policy({ propagateDeps: true, placement: onMembers('member9') }),
      `${without}, and Deployment default/nginx-deploy, which needs it, is in no cluster yet.`,
      'flotilla why deployment/nginx-deploy -n default',
    ],
  ])('names who needs it where it %s', async (_what, asked, sentence, command) => {
    await begin(settings, web, asked);
    const { blocked } = await about();
    expect(blocked?.sentence).toBe(sentence);
    expect(blocked?.mend.command).toBe(command);
  });

  it('names with whom it came along and goes on to Work and member, until they have nowhere to be', async () => {
    const control = await begin(settings, web, policy({ propagateDeps: true }));
    const { blocked, walk } = await about();
    expect(blocked).toBeUndefined();
    const told = walk.map(({ step, text }) => `${step}: ${text}`);
    expect(told).toContain('policy: none of its own: it comes along with Deployment default/nginx-deploy');
    expect(told).toContain(
      'required by: Deployment default/nginx-deploy (ResourceBinding default/nginx-deploy-deployment of PropagationPolicy default/web), in member1',
    );
    const below = walk.find(({ step }) => step === 'cluster')?.below ?? [];
    expect(below.map(({ step, is }) => `${step} ${is}`)).toEqual(['work good', 'member good', 'status good']);

    await control.apply(policy({ propagateDeps: true, placement: onMembers('member9') }));
    const sentence = await flow.until('it is nowhere', async () => (await about()).blocked?.sentence);
    expect(sentence).toBe(`${without}, and Deployment default/nginx-deploy, which needs it, is in no cluster yet.`);
  });
});
