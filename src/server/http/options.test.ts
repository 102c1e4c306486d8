import { describe, expect, it } from 'vitest';
import { parseDeleteOptions, parseOptions } from './options.ts';

const query = (text: string) => new URLSearchParams(text);

describe('query options', () => {
  it('become typed values', () => {
    const text =
      'labelSelector=a%3Db&fieldSelector=metadata.name%3Dx&limit=500&continue=abc&resourceVersion=0&resourceVersionMatch=NotOlderThan&timeoutSeconds=30&allowWatchBookmarks=true&sendInitialEvents=1&pretty=true';
    expect(parseOptions(query(text), 'watch')).toEqual({
      labelSelector: 'a=b',
      fieldSelector: 'metadata.name=x',
      limit: 500,
      continue: 'abc',
      resourceVersion: '0',
      resourceVersionMatch: 'NotOlderThan',
      timeoutSeconds: 30,
      allowWatchBookmarks: true,
      sendInitialEvents: true,
    });
    expect(
      parseOptions(query('dryRun=All&fieldManager=me&fieldValidation=Strict&force=false'), 'patch', 'apply'),
    ).toEqual({
      dryRun: true,
      fieldManager: 'me',
      fieldValidation: 'Strict',
      force: false,
    });
    expect(parseOptions(query('labelSelector=&limit=+5'.replace('+', '%2B')), 'list')).toEqual({ limit: 5 });
  });

  it.each([
    [
      'dryRun=Some',
      'create',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    [
      'fieldValidation=Loud',
      'update',
      'UpdateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loud": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      'force=true',
      'patch',
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    ['limit=', 'list', 'strconv.ParseInt: parsing "": invalid syntax'],
    ['timeoutSeconds=9223372036854775808', 'list', 'parsing "9223372036854775808": value out of range'],
    ['limit=many', 'list', 'strconv.ParseInt: parsing "many": invalid syntax'],
  ] as const)('refuses %s', (text, verb, message) => {
    expect(() => parseOptions(query(text), verb)).toThrow(message);
  });

  it('want a manager for apply, and a decent one everywhere', () => {
    expect(() => parseOptions(query(''), 'patch', 'apply')).toThrow(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
    expect(() => parseOptions(query(`fieldManager=${'x'.repeat(129)}`), 'create')).toThrow(/Too long/);
    expect(() => parseOptions(query('fieldManager=a%00b'), 'create')).toThrow(
      'invalid character U+0000 (at position 1)',
    );
  });
});

describe('delete options', () => {
  it('come from the body, else from the query', () => {
    expect(
      parseDeleteOptions(query('gracePeriodSeconds=0&propagationPolicy=Foreground&dryRun=All'), undefined),
    ).toEqual({
      gracePeriodSeconds: 0,
      propagationPolicy: 'Foreground',
      dryRun: ['All'],
    });
    const body = { propagationPolicy: 'Background' };
    expect(parseDeleteOptions(query('propagationPolicy=Orphan'), body)).toBe(body);
    expect(() => parseDeleteOptions(query(''), ['x'])).toThrow(/cannot unmarshal array/);
  });
});
