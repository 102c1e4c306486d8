/** Files of a plan hold nothing of what a Secret keeps secret, and the template is whole again when it is applied. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { withoutSecretData, withSecretData } from './secret-data.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');
/** As tools keep what they applied: it says a bit more than the value. */
const packed = (token: string) => {
  const labels = Object.fromEntries(
    ['team', 'tier', 'stage', 'owner'].map((key, i) => [`shop.example.com/${key}`, `${key}-${i}`]),
  );
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'pass', namespace: 'shop', labels },
    data: { token },
  };
  return gzipSync(JSON.stringify(manifest)).toString('base64');
};
const lined = (text: string) => text.replace(/.{10}/g, '$&\n');
const secret = (annotations: Readonly<Record<string, string>> | undefined, value = 'ge"heim'): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'pass', ...(annotations ? { annotations } : {}) },
  data: { token: encoded(value), empty: '' },
  type: 'Opaque',
});

describe('the data of a Secret', () => {
  test.each([
    ['no annotations', undefined, undefined],
    ['plain ones', { team: 'a' }, { team: 'a' }],
    ['a manifest', { team: 'a', 'kapp.k14s.io/original': `{"data":{"token":"${encoded('ge"heim')}"}}` }, { team: 'a' }],
    ['texts in JSON', { 'tool.io/applied': JSON.stringify({ stringData: { token: 'ge"heim' } }) }, undefined],
    ['the plain text', { 'tool.io/note': 'was ge"heim' }, undefined],
    [
      'a manifest within base64',
      { 'tool.io/applied': encoded(`{"data":{"token":"${encoded('ge"heim')}"}}`) },
      undefined,
    ],
    ['one that is packed', { 'objectset.rio.cattle.io/applied': packed(encoded('ge"heim')) }, undefined],
    ['a short one that is packed', { applied: gzipSync('ge"heim').toString('base64') }, undefined],
    ['one that is packed twice, as Helm does', { applied: encoded(gzipSync('ge"heim').toString('base64')) }, undefined],
    ['the same in lines', { applied: lined(encoded(`{"data":{"token":"${encoded('ge"heim')}"}}`)) }, undefined],
    ['hashes', { 'tool.io/hash': 'f'.repeat(64) }, { 'tool.io/hash': 'f'.repeat(64) }],
  ])('is in no file, with %s', (_title, annotations, left) => {
    const whole = secret(annotations);
    const file = withoutSecretData(whole);
    expect(file).not.toHaveProperty('data');
    expect(file.metadata.annotations).toEqual(left);
    expect(withSecretData(file, whole)).toEqual(whole);
  });

  test.each([
    ['a&b<c', '{"stringData":{"token":"a\\u0026b\\u003cc"}}'],
    ['-----BEGIN\nabc\nEND-----', 'stringData:\n  token: |\n    -----BEGIN\n    abc\n    END-----\n'],
    ['-----BEGIN\nabc\nEND-----', '{"stringData":{"token":"-----BEGIN\\nabc\\nEND-----"}}'],
  ])('is in no file as others write it: %j', (value, text) => {
    const whole = secret({ applied: text, team: 'b' }, value);
    expect(withoutSecretData(whole).metadata.annotations).toEqual({ team: 'b' });
    expect(withSecretData(withoutSecretData(whole), whole)).toEqual(whole);
  });

  test('is all that is put back: what was edited in the file stays so', () => {
    const whole = secret({ copy: 'ge"heim', team: 'a' });
    const { annotations: _, ...metadata } = withoutSecretData(whole).metadata;
    const file = { ...withoutSecretData(whole), metadata: { ...metadata, annotations: { team: 'b' } } };
    expect(withSecretData(file, whole).metadata.annotations).toEqual({ team: 'b', copy: 'ge"heim' });
    // A short value is in many texts.
    const short = secret({ team: 'a-team' }, 'a');
    const edited = { ...short, data: undefined, metadata: { name: 'pass', annotations: { team: 'b' } } };
    expect(withSecretData(edited as never, short).metadata.annotations).toEqual({ team: 'b' });
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    expect(withSecretData(config, whole)).toBe(config);
  });
});
