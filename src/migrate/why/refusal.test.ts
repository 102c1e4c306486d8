import { describe, expect, it } from 'vitest';
import { mendOfRefusal } from './refusal.ts';

const template = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'shop', name: 'web' } };
const policy = { kind: 'PropagationPolicy', metadata: { namespace: 'shop', name: 'all' } };
const work = { kind: 'Work', metadata: { namespace: 'karmada-es-member1', name: 'web-1' } };
const scope = '--operation-scope members -C member1';

describe('a refusal', () => {
  it.each([
    [
      'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5',
      `flotilla describe resourcequota/small -n shop ${scope}`,
    ],
    [
      'admission webhook "deny.example.io" denied the request: no',
      `flotilla get validatingwebhookconfigurations,mutatingwebhookconfigurations ${scope} -o wide`,
    ],
    [
      'Internal error occurred: failed calling webhook "deny.example.io": connection refused',
      `flotilla get validatingwebhookconfigurations,mutatingwebhookconfigurations ${scope} -o wide`,
    ],
    [
      'deployments.apps "web" is forbidden: User "x" cannot patch resource "deployments" in API group "apps"',
      `flotilla get clusterrolebindings ${scope} -o wide`,
    ],
    [
      'no matches for kind "Shop" in version "example.io/v1"',
      `flotilla patch propagationpolicy/all -n shop --type merge -p '{"metadata":{"annotations":{"policy.flotilla.io/propagate-closure":"true"}},"spec":{"propagateDeps":true}}'`,
    ],
    ['namespaces "shop" not found', `flotilla describe namespace/shop ${scope}`],
    ['spec.selector: Invalid value: {}: field is immutable', `flotilla get deployment/web -n shop ${scope} -o yaml`],
    ['something else', 'flotilla describe work/web-1 -n karmada-es-member1'],
  ])('as "%s"', (message, command) => {
    const refusal = { cluster: 'member1', template, policy, work, message } as unknown as Parameters<
      typeof mendOfRefusal
    >[0];
    expect(mendOfRefusal(refusal).command).toBe(command);
  });
});
