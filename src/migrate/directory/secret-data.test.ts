/** Files of a plan hold nothing of what a Secret keeps secret, and the template is whole again when it is applied. */
import { describe, expect, test } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { withoutSecretData, withSecretData } from './secret-data.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');
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
  ])('is in no file, with %s', (_title, annotations, left) => {
    const whole = secret(annotations);
    const file = withoutSecretData(whole);
    expect(file).not.toHaveProperty('data');
    expect(file.metadata.annotations).toEqual(left);
    expect(withSecretData(file, whole)).toEqual(whole);
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
