import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePath, groupOf, parsePath } from './path.ts';

const parse = (method: string, pathname: string, watch = false) => parsePath(method, decodePath(pathname) ?? '', watch);

describe('the path grammar', () => {
  it.each([
    ['GET', '/api/v1/pods', { verb: 'list', path: { group: '', version: 'v1', resource: 'pods' } }],
    ['GET', '/api/v1/pods/', { verb: 'list', path: { group: '', version: 'v1', resource: 'pods' } }],
    ['GET', '/api/v1/namespaces', { verb: 'list', path: { group: '', version: 'v1', resource: 'namespaces' } }],
    [
      'GET',
      '/api/v1/namespaces/web',
      { verb: 'get', path: { group: '', version: 'v1', resource: 'namespaces', name: 'web' } },
    ],
    [
      'PUT',
      '/api/v1/namespaces/web/finalize',
      {
        verb: 'update',
        path: { group: '', version: 'v1', resource: 'namespaces', name: 'web', subresource: 'finalize' },
      },
    ],
    [
      'PATCH',
      '/api/v1/namespaces/web/status',
      { verb: 'patch', path: { group: '', version: 'v1', resource: 'namespaces', name: 'web', subresource: 'status' } },
    ],
    [
      'POST',
      '/apis/apps/v1/namespaces/web/deployments',
      { verb: 'create', path: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'web' } },
    ],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/web/deployments/a',
      { verb: 'delete', path: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'web', name: 'a' } },
    ],
    [
      'DELETE',
      '/apis/apps/v1/namespaces/web/deployments',
      { verb: 'deletecollection', path: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'web' } },
    ],
    [
      'GET',
      '/apis/apps/v1/namespaces/web/deployments/a/scale',
      {
        verb: 'get',
        path: {
          group: 'apps',
          version: 'v1',
          resource: 'deployments',
          namespace: 'web',
          name: 'a',
          subresource: 'scale',
        },
      },
    ],
    [
      'GET',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      {
        verb: 'get',
        path: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', name: 'system:node' },
      },
    ],
    [
      'GET',
      '/apis/cluster.karmada.io/v1alpha1/clusters/member1/proxy/api/v1/pods',
      {
        verb: 'get',
        path: {
          group: 'cluster.karmada.io',
          version: 'v1alpha1',
          resource: 'clusters',
          name: 'member1',
          subresource: 'proxy',
        },
        rest: 'api/v1/pods',
      },
    ],
    ['HEAD', '/api/v1/pods', { verb: 'list', path: { group: '', version: 'v1', resource: 'pods' } }],
  ])('reads %s %s', (method, pathname, expected) => {
    expect(parse(method, pathname)).toEqual(expected);
  });

  it('watches collections only', () => {
    expect(parse('GET', '/api/v1/pods', true)?.verb).toBe('watch');
    expect(parse('GET', '/api/v1/namespaces/web/pods/a', true)?.verb).toBe('get');
  });

  it('reads the old watch paths', () => {
    expect(parse('GET', '/api/v1/watch/namespaces/web/pods')).toEqual({
      verb: 'watch',
      path: { group: '', version: 'v1', resource: 'pods', namespace: 'web' },
    });
    expect(parse('GET', '/apis/apps/v1/watch/namespaces/web/deployments/a')).toEqual({
      verb: 'watch',
      path: { group: 'apps', version: 'v1', resource: 'deployments', namespace: 'web' },
      watchedName: 'a',
    });
  });

  it.each([
    '/',
    '/api',
    '/api/v1',
    '/apis',
    '/apis/apps',
    '/apis/apps/v1',
    '/apis/apps/v1/',
    '/apis//v1/pods',
    '/api//pods',
    '/api/v1//pods',
    '/healthz',
    '/openapi/v3',
    '//',
    '/apix/v1/pods',
  ])('leaves %s to others', (pathname) => {
    expect(parse('GET', pathname)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('/api/', '/apis/', '/'), (text, prefix) => {
        parse('GET', prefix + text);
      }),
    );
  });

  it('undoes escapes before it looks at slashes, as Go does', () => {
    const web = { group: '', version: 'v1', resource: 'namespaces', name: 'web' };
    for (const path of ['/api%2fv1/namespaces/web', '/api/v1/namespaces%2Fweb', '/api/v1/namespaces/web%2f//'])
      expect(parse('GET', path)?.path).toEqual(web);
    expect(parse('GET', '/api/v1/namespaces/a%252fb')?.path.name).toBe('a%2fb');
    expect(parse('GET', '/api/v1/namespaces/%e2%82%ac')?.path.name).toBe('€');
    expect(parse('GET', '/api/v1/namespaces/%c0%ae')?.path.name).toBe('\ufffd\ufffd');
    expect(decodePath('/%')).toBeUndefined();
    expect(decodePath('/%zz')).toBeUndefined();
  });

  it('knows the group a path lies beneath', () => {
    expect(groupOf('/api/v1/x/y')).toBe('');
    expect(groupOf('/api//x')).toBe('');
    expect(groupOf('/apis/apps/v1/x')).toBe('apps');
    for (const path of ['/api', '/apis/apps', '/apis//v1/x', '/healthz', '/', '/apix/v1/x'])
      expect(groupOf(path)).toBeUndefined();
  });
});
