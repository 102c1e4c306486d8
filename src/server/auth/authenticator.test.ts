import { expect, it } from 'vitest';
import { unauthorized } from '#kube/status/errors.ts';
import { anonymousUser, createAuthenticator, credentialIdKey } from './authenticator.ts';

const ofToken = (token: string) => {
  if (token !== 'good') throw unauthorized();
  return { name: 'robot', groups: ['system:authenticated'] };
};
const open = createAuthenticator(ofToken);
const closed = createAuthenticator(ofToken, false);
const jane = { commonName: 'jane', organizations: ['dev', 'ops'], fingerprint: 'ab12' };

it('a certificate says who it is, their groups, and which certificate it was', () => {
  expect(closed({ certificate: jane, bearerToken: 'bad' })).toEqual({
    name: 'jane',
    groups: ['dev', 'ops', 'system:authenticated'],
    extra: { [credentialIdKey]: ['X509SHA256=ab12'] },
  });
});

it('a token is looked at where no certificate says who it is', () => {
  expect(open({ bearerToken: 'good' }).name).toBe('robot');
  expect(open({ certificate: 'untrusted', bearerToken: 'good' }).name).toBe('robot');
  expect(open({ certificate: { ...jane, commonName: '' }, bearerToken: 'good' }).name).toBe('robot');
  expect(() => open({ bearerToken: 'bad' })).toThrow('Unauthorized');
});

it('nobody is system:anonymous who showed wrong credentials, or where that is off', () => {
  expect(open({})).toBe(anonymousUser);
  expect(() => closed({})).toThrow('Unauthorized');
  expect(() => open({ certificate: 'untrusted' })).toThrow('Unauthorized');
});

it('a certificate has one uid that is not empty, or none', () => {
  expect(open({ certificate: { ...jane, uids: ['7'] } }).uid).toBe('7');
  expect(() => open({ certificate: { ...jane, uids: ['7', '8'] } })).toThrow('Unauthorized');
  expect(() => open({ certificate: { ...jane, uids: [''] } })).toThrow('Unauthorized');
});
