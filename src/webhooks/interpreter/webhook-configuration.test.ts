import { describe, expect, it } from 'vitest';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { validateInterpreterWebhooks } from './webhook-configuration.ts';

const rule = { operations: ['InterpretReplica'], apiGroups: ['example.io'], apiVersions: ['v1'], kinds: ['Workload'] };
const webhook = {
  name: 'workloads.example.com',
  clientConfig: { url: 'https://127.0.0.1:8443/interpret' },
  rules: [rule],
  interpreterContextVersions: ['v1alpha1'],
};

const ask = (...webhooks: readonly object[]) =>
  validateInterpreterWebhooks({
    object: { kind: 'ResourceInterpreterWebhookConfiguration', metadata: { name: 'x' }, webhooks },
  } as unknown as AdmissionRequest) as AdmissionResponse;

describe('ResourceInterpreterWebhookConfiguration', () => {
  it.each<[string, object]>([
    ['a URL', webhook],
    ['a service', { ...webhook, clientConfig: { service: { namespace: 'a', name: 'b', path: '/c', port: 8443 } } }],
    ['a service without a port', { ...webhook, clientConfig: { service: { namespace: 'a', name: 'b' } } }],
    ['everything', { ...webhook, rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], kinds: ['*'] }] }],
    ['the core group', { ...webhook, rules: [{ ...rule, apiGroups: [''] }] }],
    ['no rules', { ...webhook, rules: undefined }],
    ['a name that ends the domain', { ...webhook, name: 'workloads.example.com.' }],
    ['a newer version too', { ...webhook, interpreterContextVersions: ['v9', 'v1alpha1'] }],
    ['30 seconds', { ...webhook, timeoutSeconds: 30 }],
  ])('with %s is taken', (_, each) => {
    expect(ask(each)).toEqual({ allowed: true });
  });

  it.each<[object, string]>([
    [{ name: '' }, 'webhooks[0].name: Required value'],
    [{ name: 'plain' }, 'webhooks[0].name: Invalid value: "plain": should be a domain with at least two segments'],
    [{ name: 'A.b' }, 'webhooks[0].name: Invalid value: "A.b": a lowercase RFC 1123 subdomain must consist of'],
    [{ timeoutSeconds: 0 }, 'webhooks[0].timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30'],
    [{ timeoutSeconds: 31 }, 'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and'],
    [{ clientConfig: {} }, 'webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
    [
      { clientConfig: { url: 'https://a', service: { namespace: 'a', name: 'b' } } },
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
    ],
    [
      { clientConfig: { url: 'http://a/b' } },
      `webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    ],
    [
      { clientConfig: { service: { namespace: 'a', name: 'b', port: 70000 } } },
      'webhooks[0].clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535',
    ],
    [
      { clientConfig: { service: { namespace: 'a', name: 'b', path: 'c' } } },
      'webhooks[0].clientConfig.service.path: Invalid value: "c": must start with a',
    ],
    [
      { interpreterContextVersions: [] },
      'webhooks[0].interpreterContextVersions: Required value: must specify one of v1alpha1',
    ],
    [
      { interpreterContextVersions: ['v2'] },
      'webhooks[0].interpreterContextVersions: Invalid value: ["v2"]: must include at least one of v1alpha1',
    ],
    [
      { interpreterContextVersions: ['v1alpha1', 'v1alpha1'] },
      'webhooks[0].interpreterContextVersions[1]: Invalid value: "v1alpha1": duplicate version',
    ],
    [{ rules: [{ ...rule, operations: [] }] }, 'webhooks[0].rules[0].operations: Required value'],
    [
      { rules: [{ ...rule, operations: ['Prune'] }] },
      'webhooks[0].rules[0].operations[0]: Unsupported value: "Prune": supported values: "*", "AggregateStatus", ' +
        '"InterpretComponent", "InterpretDependency", "InterpretHealth", "InterpretReplica", "InterpretStatus", ' +
        '"Retain", "ReviseReplica"',
    ],
    [
      { rules: [{ ...rule, operations: ['*', 'Retain'] }] },
      `webhooks[0].rules[0].operations: Invalid value: ["*","Retain"]: if '*' is present, must not specify other operations`,
    ],
    [
      { rules: [{ ...rule, apiGroups: ['*', 'a'] }] },
      `webhooks[0].rules[0].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups`,
    ],
    [{ rules: [{ ...rule, apiVersions: [''] }] }, 'webhooks[0].rules[0].apiVersions[0]: Required value'],
    [
      { rules: [{ ...rule, apiVersions: ['v1', '*'] }] },
      `webhooks[0].rules[0].apiVersions: Invalid value: ["v1","*"]: if '*' is present, must not specify other API versions`,
    ],
    [{ rules: [{ ...rule, kinds: [] }] }, 'webhooks[0].rules[0].kinds: Required value'],
    [
      { rules: [{ ...rule, kinds: ['A', '*'] }] },
      `webhooks[0].rules[0].kinds: Invalid value: ["A","*"]: if '*' is present, must not specify other kinds`,
    ],
  ])('with %j is refused', (wrong, why) => {
    const answer = ask({ ...webhook, ...wrong });
    expect(answer).toMatchObject({ allowed: false, code: 403, message: expect.stringContaining(why) });
  });

  it('with two webhooks of one name is refused', () => {
    expect(ask(webhook, webhook)).toMatchObject({
      allowed: false,
      message: 'webhooks[1].name: Duplicate value: "workloads.example.com"',
    });
  });
});
