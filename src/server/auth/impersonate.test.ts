import { describe, expect, it } from 'vitest';
import type { UserInfo } from '#kube/request/request.ts';
import { type AccessAttributes, type Authorizer, allowAll } from './authorizer.ts';
import { impersonated } from './impersonate.ts';

const admin: UserInfo = { name: 'admin', groups: ['system:authenticated'] };

function recording(refuse: (attributes: AccessAttributes) => boolean = () => false): {
  authorizer: Authorizer;
  asked: string[];
} {
  const asked: string[] = [];
  const authorize = (attributes: AccessAttributes) => {
    const { verb, apiGroup, resource, subresource, namespace, name } = attributes;
    asked.push([verb, apiGroup, resource, subresource, namespace, name].filter(Boolean).join(' '));
    return { allowed: !refuse(attributes), reason: '' };
  };
  return { authorizer: { ...allowAll, authorize }, asked };
}

describe('impersonation', () => {
  it('asks for everything it takes', () => {
    const { authorizer, asked } = recording();
    const user = impersonated(authorizer, admin, {
      'impersonate-user': ['jane'],
      'impersonate-group': ['dev', 'ops'],
      'impersonate-uid': ['7'],
      'impersonate-extra-example.com%2fscope': ['read', 'write'],
    });
    expect(user).toEqual({
      name: 'jane',
      uid: '7',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { 'example.com/scope': ['read', 'write'] },
    });
    expect(asked).toEqual([
      'impersonate users jane',
      'impersonate groups dev',
      'impersonate groups ops',
      'impersonate authentication.k8s.io userextras example.com/scope read',
      'impersonate authentication.k8s.io userextras example.com/scope write',
      'impersonate authentication.k8s.io uids 7',
    ]);
  });

  it('gives service accounts their groups, and asks for them in their namespace', () => {
    const { authorizer, asked } = recording();
    const user = impersonated(authorizer, admin, { 'impersonate-user': ['system:serviceaccount:web:builder'] });
    expect(user.groups).toEqual(['system:serviceaccounts', 'system:serviceaccounts:web', 'system:authenticated']);
    expect(asked).toEqual(['impersonate serviceaccounts web builder']);
  });

  it("is refused in apiserver's words", () => {
    const { authorizer } = recording(({ resource }) => resource === 'groups');
    expect(() =>
      impersonated(authorizer, admin, { 'impersonate-user': ['jane'], 'impersonate-group': ['system:masters'] }),
    ).toThrow(
      'groups "system:masters" is forbidden: User "admin" cannot impersonate resource "groups" in API group "" at the cluster scope',
    );
  });

  it('of groups needs a user', () => {
    expect(() => impersonated(allowAll, admin, { 'impersonate-group': ['dev'] })).toThrow(
      /without impersonating a user/,
    );
    expect(impersonated(allowAll, admin, { accept: ['*/*'] })).toBe(admin);
  });
});
