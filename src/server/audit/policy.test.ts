import { describe, expect, it } from 'vitest';
import { parsePolicy } from './policy.ts';
import { type AuditedAttributes, policyEvaluator } from './rules.ts';

const policy = (rules: string) => `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`;

describe('a policy that cannot be used', () => {
  const why = (text: string) => {
    try {
      parsePolicy(text);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  it.each([
    ['', 'it is empty: an audit policy has apiVersion, kind and rules'],
    ['a: [', /^it is not YAML: /],
    [
      'apiVersion: v1\nkind: Policy',
      /it must say apiVersion: audit.k8s.io\/v1 and kind: Policy; it says apiVersion "v1"/,
    ],
    [policy('[]').replace('\n[]', ' []'), /^it has no rules/],
    [
      policy('- level: Everything'),
      'rules[0].level: Unsupported value: "Everything": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    [policy('- users: [a]'), 'rules[0].level: Required value'],
    [
      policy('- level: None\n  omitStages: [Beginning]'),
      'rules[0].omitStages[0]: Invalid value: "Beginning": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    ],
    [
      policy('- level: None\n  nonResourceURLs: ["healthz", "/a*b"]'),
      /must begin with a '\/' character; .* must be the final character of the rule$/,
    ],
    [policy('- level: None\n  nonResourceURLs: [/a]\n  namespaces: [b]'), /cannot apply to both regular resources/],
    [
      policy('- level: None\n  resources: [{resourceNames: [a]}]'),
      /using resourceNames requires at least one resource/,
    ],
    [policy('- level: None\n  resources: [{group: apps/v1}]'), /resources.group: Invalid value: "apps\/v1"/],
    [policy('- level: None\n  verb: get'), /rules\[0\]: Invalid value: "verb": unknown field; known are /],
    [policy('- level: None\n  users: jane'), 'rules[0].users: Invalid value: "jane": must be a list of strings'],
  ])('%j', (text, expected) => expect(why(text)).toMatch(expected));
});

describe('the first rule that is met', () => {
  const evaluate = policyEvaluator(
    parsePolicy(
      policy(`
- {level: None, users: [system:kube-proxy], verbs: [watch]}
- {level: None, userGroups: [system:nodes], resources: [{resources: [nodes, nodes/*]}]}
- {level: Request, namespaces: [kube-system], omitStages: [RequestReceived]}
- {level: Metadata, resources: [{resources: ["*/token", pods/log]}, {group: apps, resources: [deployments], resourceNames: [web]}]}
- {level: None, nonResourceURLs: [/healthz*]}
- {level: RequestResponse, namespaces: [""], resources: [{group: apps}]}
- {level: Metadata, omitManagedFields: true, verbs: [get]}`),
    ),
  );
  const jane = { name: 'jane', groups: ['system:authenticated'] };
  const level = (attributes: Partial<AuditedAttributes>) => evaluate({ user: jane, verb: 'list', ...attributes }).level;

  it.each<[Partial<AuditedAttributes>, string]>([
    [{ user: { name: 'system:kube-proxy', groups: [] }, verb: 'watch', resource: 'pods' }, 'None'],
    [{ user: { name: 'n', groups: ['system:nodes'] }, verb: 'get', resource: 'nodes', subresource: 'status' }, 'None'],
    [{ resource: 'pods', namespace: 'kube-system' }, 'Request'],
    [{ verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace: 'a' }, 'Metadata'],
    [{ resource: 'pods', subresource: 'log', namespace: 'a' }, 'Metadata'],
    [{ apiGroup: 'apps', resource: 'deployments', name: 'web', namespace: 'a' }, 'Metadata'],
    [{ apiGroup: 'apps', resource: 'deployments', name: 'db', namespace: 'a' }, 'None'],
    [{ apiGroup: 'apps', resource: 'deployments' }, 'RequestResponse'],
    [{ verb: 'get', nonResourceUrl: '/healthz/ping' }, 'None'],
    [{ verb: 'get', nonResourceUrl: '/version' }, 'Metadata'],
    [{ user: undefined, verb: 'get', resource: 'pods', namespace: 'a' }, 'Metadata'],
    [{ user: undefined, verb: 'post', nonResourceUrl: '/version' }, 'None'],
  ])('%j', (attributes, expected) => expect(level(attributes)).toBe(expected));

  it('says what is left out', () => {
    const system = evaluate({ user: jane, verb: 'list', resource: 'pods', namespace: 'kube-system' });
    expect([...system.omitStages]).toEqual(['RequestReceived']);
    expect(system.omitManagedFields).toBe(false);
    expect(evaluate({ user: jane, verb: 'get', resource: 'pods' }).omitManagedFields).toBe(true);
  });
});
