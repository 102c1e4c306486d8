/** Every default and every refusal of compatibility.md section 7 for override policies, with its path and its words. */
import { describe, expect, it } from 'vitest';
import type { Overriders } from '#apis/policy/override-spec.ts';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { mutateOverride } from './mutate.ts';
import { validateOverride } from './validate.ts';

type Anything = Readonly<Record<string, unknown>>;

const policy = (spec: Anything, kind = 'OverridePolicy') =>
  ({
    kind,
    metadata: { ...(kind === 'OverridePolicy' ? { namespace: 'shop' } : {}), name: 'op' },
    spec,
  }) as unknown as KubeObject;
const ask = (object: KubeObject) => ({ object, operation: 'CREATE' }) as unknown as AdmissionRequest;
const refusal = (object: KubeObject): string => {
  const answer = validateOverride(ask(object)) as AdmissionResponse;
  return answer.allowed ? 'allowed' : answer.message;
};
const selector = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop' };

describe('an OverridePolicy', () => {
  it('selects in its own namespace where nobody says', () => {
    const { namespace: _, ...anywhere } = selector;
    const answer = mutateOverride(ask(policy({ resourceSelectors: [anywhere, selector] }))) as { object?: unknown };
    expect(answer.object).toMatchObject({ spec: { resourceSelectors: [selector, selector] } });
    for (const spec of [{}, { resourceSelectors: [selector] }]) {
      expect(mutateOverride(ask(policy(spec)))).toEqual({ allowed: true });
    }
  });

  it('may not select elsewhere, a ClusterOverridePolicy may', () => {
    const spec = { resourceSelectors: [{ ...selector, namespace: 'bank' }] };
    expect(refusal(policy(spec))).toBe(
      'spec.resourceSelectors[0].namespace: Invalid value: "bank": the namespace of resourceSelector must be the same as the namespace of overridePolicy',
    );
    expect(refusal(policy(spec, 'ClusterOverridePolicy'))).toBe('allowed');
  });

  it('has labels and clusters that can be selected', () => {
    const labelSelector = { matchExpressions: [{ key: 'a', operator: 'Is' }] };
    const fieldSelector = { matchExpressions: [{ key: 'planet', operator: 'Is', values: ['x'] }] };
    expect(refusal(policy({ resourceSelectors: [{ ...selector, labelSelector }] }))).toBe(
      'spec.resourceSelectors[0].labelSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    );
    const rules = [{ overriders: {} }, { targetCluster: { labelSelector, fieldSelector }, overriders: {} }];
    expect(refusal(policy({ overrideRules: rules }))).toBe(
      '[spec.overrideRules[1].targetCluster.labelSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator, ' +
        'spec.overrideRules[1].targetCluster.fieldSelector.matchExpressions[0].key: Unsupported value: "planet": supported values: "provider", "region", "zone", ' +
        'spec.overrideRules[1].targetCluster.fieldSelector.matchExpressions[0].operator: Unsupported value: "Is": supported values: "In", "NotIn"]',
    );
    expect(refusal(policy({ targetCluster: { fieldSelector } }))).toMatch(/^\[spec\.targetCluster\.fieldSelector/);
  });
});

describe('the form before rules', () => {
  const overriders: Overriders = {
    fieldOverrider: [{ fieldPath: '/a', json: [{ subPath: '/b', operator: 'remove' }] }],
  };
  it('stands alone', () => {
    expect(refusal(policy({ targetCluster: { clusterNames: ['a'] }, overriders }))).toBe('allowed');
    expect(refusal(policy({ overriders: {}, overrideRules: [{ overriders }] }))).toBe('allowed');
    expect(refusal(policy({ targetCluster: { clusterNames: ['a'] }, overrideRules: [] }))).toBe(
      `spec.targetCluster: Invalid value: {"clusterNames":["a"]}: overrideRules and targetCluster can't co-exist`,
    );
    expect(refusal(policy({ overriders, overrideRules: [{ overriders }] }))).toMatch(
      /^spec\.overriders: Invalid value: .*: overrideRules and overriders can't co-exist$/,
    );
  });

  it('is checked as a rule is', () => {
    expect(refusal(policy({ overriders: { plaintext: [{ path: 'a', operator: 'remove' }] } }))).toBe(
      'spec.overriders.plaintext[0].path: Invalid value: "a": JSON pointer must start with a "/"',
    );
  });
});

describe('overriders', () => {
  const at = 'spec.overrideRules[0].overriders';
  const image = (more: Anything) => ({
    imageOverrider: [{ component: 'Tag', operator: 'replace', value: '1', ...more }],
  });
  const field = (more: Anything) => ({ fieldOverrider: [{ fieldPath: '/data/a', ...more }] });
  const patch = (more: Anything = {}) => ({ subPath: '/a', operator: 'add', value: 1, ...more });
  const plaintext = (more: Anything) => ({ plaintext: [{ path: '/spec/a', operator: 'add', value: 1, ...more }] });
  const sha = `sha256:${'a'.repeat(64)}`;
  const pointer = 'JSON pointer must start with a "/"';
  const unescaped = 'in a JSON pointer "~" is written "~0" and "/" within a key "~1"';

  it.each<[Anything, string | RegExp]>([
    [image({}), ''],
    [image({ value: sha }), ''],
    [image({ operator: 'add', value: '-alpine' }), ''],
    [image({ operator: 'remove', value: '' }), ''],
    [image({ component: 'Registry', value: 'harbor.example/mirror' }), ''],
    [image({ predicate: { path: '/spec/image' } }), ''],
    [
      image({ predicate: { path: 'spec/image' } }),
      `imageOverrider[0].predicate.path: Invalid value: "spec/image": ${pointer}`,
    ],
    [image({ predicate: { path: '' } }), `imageOverrider[0].predicate.path: Invalid value: "": ${pointer}`],
    ...['add', 'replace'].map((operator): [Anything, string] => [
      image({ component: 'Registry', operator, value: '' }),
      'imageOverrider[0].value: Required value: must not be empty when operator is add or replace',
    ]),
    [
      image({ component: 'Repository', operator: 'remove' }),
      'imageOverrider[0].operator: Unsupported value: "remove": supported values: "add", "replace"',
    ],
    [
      image({ value: `@${sha}` }),
      `imageOverrider[0].value: Invalid value: "@${sha}": must be a tag ('v1.2.3') or a digest ('sha256:…', without an '@')`,
    ],
    [
      image({ operator: 'add', value: 'a/b' }),
      `imageOverrider[0].value: Invalid value: "a/b": what is added to a tag consists of letters, digits, '_', '.' and '-'`,
    ],
    [
      { commandOverrider: [{ containerName: '', operator: 'add' }] },
      'commandOverrider[0].containerName: Required value: the name of the container to change',
    ],
    [
      {
        argsOverrider: [
          { containerName: 'a', operator: 'add' },
          { containerName: '', operator: 'remove' },
        ],
      },
      'argsOverrider[1].containerName: Required value: the name of the container to change',
    ],
    [{ labelsOverrider: [{ operator: 'add', value: { 'a.b/c': 'd' } }] }, ''],
    [
      { labelsOverrider: [{ operator: 'add', value: { 'a b': 'c' } }] },
      /^labelsOverrider\[0\]\.value: Invalid value: "a b": name part must consist/,
    ],
    [
      { labelsOverrider: [{ operator: 'replace', value: { a: 'b c' } }] },
      /^labelsOverrider\[0\]\.value: Invalid value: "b c": a valid label must be/,
    ],
    [{ annotationsOverrider: [{ operator: 'add', value: { 'A.b/C': 'any thing' } }] }, ''],
    [
      { annotationsOverrider: [{ operator: 'remove', value: { 'a/b/c': '' } }] },
      /^annotationsOverrider\[0\]\.value: Invalid value: "a\/b\/c": a valid label key must consist/,
    ],
    [field({ json: [patch()] }), ''],
    [field({ yaml: [patch({ operator: 'remove', value: undefined })] }), ''],
    [field({}), 'fieldOverrider[0]: Required value: exactly one of json and yaml must have operations'],
    [
      field({ json: [patch()], yaml: [patch()] }),
      /^fieldOverrider\[0\]: Invalid value: .*: FieldOverrider has both YAML and JSON set\. Only one is allowed$/,
    ],
    [field({ fieldPath: 'data', json: [patch()] }), `fieldOverrider[0].fieldPath: Invalid value: "data": ${pointer}`],
    [field({ json: [patch({ subPath: 'a' })] }), `fieldOverrider[0].json[0].subPath: Invalid value: "a": ${pointer}`],
    [
      field({ yaml: [patch(), patch({ subPath: '/~2' })] }),
      `fieldOverrider[0].yaml[1].subPath: Invalid value: "/~2": ${unescaped}`,
    ],
    ...['add', 'replace'].flatMap((operator): [Anything, string][] => [
      [
        field({ json: [patch({ operator, value: undefined })] }),
        'fieldOverrider[0].json[0].value: Invalid value: null: value is required for add or replace operation',
      ],
      [
        plaintext({ operator, value: null }),
        'plaintext[0].value: Invalid value: null: value is required for add or replace operation',
      ],
    ]),
    [
      field({ yaml: [patch({ operator: 'remove', value: 0 })] }),
      'fieldOverrider[0].yaml[0].value: Invalid value: 0: value is not allowed for remove operation',
    ],
    [plaintext({}), ''],
    [plaintext({ operator: 'replace', value: false }), ''],
    [plaintext({ operator: 'remove', value: undefined }), ''],
    [plaintext({ path: '', operator: 'replace', value: {} }), ''],
    [plaintext({ path: '' }), `plaintext[0].path: Invalid value: "": ${pointer}`],
    [field({ json: [patch({ subPath: '', operator: 'replace' })] }), ''],
    [plaintext({ path: 'spec' }), `plaintext[0].path: Invalid value: "spec": ${pointer}`],
    [plaintext({ path: '/a~' }), `plaintext[0].path: Invalid value: "/a~": ${unescaped}`],
    [
      plaintext({ operator: 'remove', value: '' }),
      'plaintext[0].value: Invalid value: "": value is not allowed for remove operation',
    ],
  ])('%j', (overriders, expected) => {
    const found = refusal(policy({ overrideRules: [{ overriders }] }));
    if (expected === '') expect(found).toBe('allowed');
    else if (typeof expected === 'string') expect(found).toBe(`${at}.${expected}`);
    else expect(found.slice(at.length + 1)).toMatch(expected);
  });
});
