import { describe, expect, it } from 'vitest';
import { failureMedia, includeObject, negotiate } from './accept.ts';

const json = { media: 'json', form: 'object', version: 'v1' };

describe('content negotiation', () => {
  it.each([
    [undefined, json],
    ['*/*', json],
    ['application/json', json],
    ['application/json, */*', json],
    ['application/yaml', { ...json, media: 'yaml' }],
    ['application/vnd.kubernetes.protobuf,application/json', json],
    ['text/html,application/xhtml+xml,*/*;q=0.8', json],
    ['application/yaml;q=0.5,application/json', json],
    [
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
      { media: 'json', form: 'table', version: 'v1' },
    ],
    [
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
      { media: 'protobuf', form: 'metadata', version: 'v1', list: true },
    ],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', json],
    ['application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io,application/json', json],
    ['application/json;stream=watch', json],
  ])('%s', (header, expected) => {
    expect(negotiate(header)).toEqual(expected);
    expect(negotiate(header)).toEqual(expected);
  });

  it.each(['application/vnd.kubernetes.protobuf', 'text/html', 'application/json;as=Table;v=v3;g=meta.k8s.io'])(
    'refuses %s',
    (header) => {
      expect(() => negotiate(header)).toThrow(
        /^only the following media types are accepted: application\/json, application\/yaml, application\/vnd.kubernetes.protobuf$/,
      );
    },
  );

  it.each([
    ['application/vnd.kubernetes.protobuf', { ...json, media: 'protobuf' }],
    ['application/vnd.kubernetes.protobuf, */*', { ...json, media: 'protobuf' }],
    ['application/vnd.kubernetes.protobuf;stream=watch', { ...json, media: 'protobuf' }],
    ['application/json,application/vnd.kubernetes.protobuf', json],
    ['application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json', json],
    ['application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1beta1;g=meta.k8s.io,application/json', json],
  ])('of a kind with a protobuf form: %s', (header, expected) => {
    expect(negotiate(header, true)).toEqual(expected);
    expect(negotiate(header, true)).toEqual(expected);
  });

  it.each([
    [undefined, 'json'],
    ['application/json', 'json'],
    ['application/yaml', 'yaml'],
    ['application/json,application/yaml', 'json'],
    ['application/yaml;as=Table;g=meta.k8s.io;v=v1', 'json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'protobuf'],
    ['application/json,application/vnd.kubernetes.protobuf', 'json'],
    ['application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json', 'json'],
  ])('tells failures to %s in %s', (header, expected) => {
    expect(failureMedia(header)).toBe(expected);
  });

  it.each(['application/*', 'text/html', 'application/cbor'])(
    'refuses %s of built-in kinds as their routes do',
    (header) => {
      expect(() => negotiate(header, false, () => true)).toThrow(/^406: Not Acceptable/);
      if (header === 'application/*') expect(negotiate(header)).toEqual(json);
    },
  );

  it('knows what of the object a row shows', () => {
    expect(includeObject(new URLSearchParams('includeObject=Object'))).toBe('Object');
    expect(includeObject(new URLSearchParams(''))).toBe('Metadata');
    expect(() => includeObject(new URLSearchParams('includeObject=All'))).toThrow(
      `includeObject: Invalid value: "All": must be 'Metadata', 'Object', 'None', or empty`,
    );
  });
});
