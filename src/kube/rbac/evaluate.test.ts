import { describe, expect, test } from 'vitest';
import { type AccessAttributes, type PolicyRule, rulesAllow } from './evaluate.ts';

const allows = (rule: PolicyRule, attributes: AccessAttributes) => rulesAllow([rule], attributes);
const read: PolicyRule = { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'] };

describe('resource rules', () => {
  test('verb, group and resource must all be listed', () => {
    expect(allows(read, { verb: 'get', apiGroup: 'apps', resource: 'deployments' })).toBe(true);
    expect(allows(read, { verb: 'delete', apiGroup: 'apps', resource: 'deployments' })).toBe(false);
    expect(allows(read, { verb: 'get', apiGroup: '', resource: 'deployments' })).toBe(false);
    expect(allows(read, { verb: 'get', apiGroup: 'apps', resource: 'replicasets' })).toBe(false);
  });

  test('a subresource is its own resource', () => {
    const scale = { verb: 'get', apiGroup: 'apps', resource: 'deployments', subresource: 'scale' };
    expect(allows(read, scale)).toBe(false);
    expect(allows({ ...read, resources: ['deployments/scale'] }, scale)).toBe(true);
    expect(allows({ ...read, resources: ['*/scale'] }, scale)).toBe(true);
    expect(allows({ ...read, resources: ['*/status'] }, scale)).toBe(false);
    expect(allows({ ...read, resources: ['*'] }, scale)).toBe(true);
  });

  test('names narrow; a request without a name is not covered', () => {
    const one = { ...read, resourceNames: ['web'] };
    expect(allows(one, { verb: 'get', apiGroup: 'apps', resource: 'deployments', name: 'web' })).toBe(true);
    expect(allows(one, { verb: 'get', apiGroup: 'apps', resource: 'deployments', name: 'db' })).toBe(false);
    expect(allows(one, { verb: 'list', apiGroup: 'apps', resource: 'deployments' })).toBe(false);
    expect(allows({ ...read, resourceNames: [] }, { verb: 'list', apiGroup: 'apps', resource: 'deployments' })).toBe(
      true,
    );
  });

  test('no rule allows nothing; any of several allows', () => {
    const wanted = { verb: 'get', apiGroup: 'apps', resource: 'deployments' };
    expect(rulesAllow([], wanted)).toBe(false);
    expect(rulesAllow([{ verbs: ['*'], nonResourceURLs: ['*'] }, read], wanted)).toBe(true);
  });
});

describe('URL rules', () => {
  const urls: PolicyRule = { verbs: ['get'], nonResourceURLs: ['/healthz', '/apis/*'] };
  test.each([
    ['/healthz', true],
    ['/healthz/etcd', false],
    ['/apis/apps', true],
    ['/apis', false],
  ])('%s: %s', (nonResourceUrl, allowed) => expect(allows(urls, { verb: 'get', nonResourceUrl })).toBe(allowed));

  test('resource rules never cover URLs, nor the other way round', () => {
    expect(
      allows({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verb: 'get', nonResourceUrl: '/metrics' }),
    ).toBe(false);
    expect(allows(urls, { verb: 'get', resource: 'pods' })).toBe(false);
  });
});
