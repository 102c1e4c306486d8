import { describe, expect, test } from 'vitest';
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from './validate.ts';

describe('valid names have no errors', () => {
  test.each(['a', '1', 'my-name', '123-abc', 'a'.repeat(63)])('label %s', (name) =>
    expect(dns1123Label(name)).toEqual([]),
  );
  test.each(['a', 'a.b', '1.2-3.x', 'a'.repeat(253)])('subdomain %s', (name) =>
    expect(dns1123Subdomain(name)).toEqual([]),
  );
  test.each(['a', 'web-1'])('DNS-1035 label %s', (name) => expect(dns1035Label(name)).toEqual([]));
  test.each(['app', 'app.kubernetes.io/name', 'A_b.c', 'x/1'])('key %s', (key) =>
    expect(qualifiedName(key)).toEqual([]),
  );
  test.each(['', 'MyValue', 'a_b.c-1'])('value "%s"', (text) => expect(labelValue(text)).toEqual([]));
});

describe('errors are those of kube-apiserver', () => {
  test('label', () => {
    expect(dns1123Label('Web')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
        "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(dns1123Label('a.b')).toEqual(['must not contain dots']);
    expect(dns1123Label('a'.repeat(64))).toEqual(['must be no more than 63 characters']);
    expect(dns1123Label('-'.repeat(64))).toHaveLength(2);
  });

  test('subdomain', () => {
    expect(dns1123Subdomain('a_b')).toEqual([
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
        "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
    expect(dns1123Subdomain('a'.repeat(254))).toEqual(['must be no more than 253 characters']);
  });

  test('DNS-1035 label', () => {
    expect(dns1035Label('1a')).toEqual([
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
        "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
        "'[a-z]([-a-z0-9]*[a-z0-9])?')",
    ]);
  });

  test('key', () => {
    const name =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
      "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    expect(qualifiedName('-a')).toEqual([name]);
    expect(qualifiedName('')).toEqual(['name part must be non-empty', name]);
    expect(qualifiedName('/a')).toEqual(['prefix part must be non-empty']);
    expect(qualifiedName('A.b/c')[0]).toMatch(/^prefix part a lowercase RFC 1123 subdomain must consist/);
    expect(qualifiedName('a/b/c')[0]).toMatch(/^a valid label key must consist of .* with an optional DNS subdomain/);
    expect(qualifiedName(`x/${'a'.repeat(64)}`)).toEqual(['name part must be no more than 63 bytes']);
  });

  test('value: bytes count, not characters', () => {
    expect(labelValue('é'.repeat(32))[0]).toBe('must be no more than 63 bytes');
    expect(labelValue('a b')).toEqual([
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
        "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
        "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ]);
  });
});
