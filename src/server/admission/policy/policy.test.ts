import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Cluster,
  configMap,
  refusal,
  refusalText,
  startCluster,
  widget,
  widgetDefinition,
} from '../../serve.cases.ts';

const group = 'admissionregistration.k8s.io/v1';
const maps = 'v1/configmaps/default';

const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] };
const policy = (spec: object) => ({
  metadata: { name: 'p' },
  spec: { matchConstraints: { resourceRules: [rule] }, ...spec },
});
const binding = (spec: object = {}) => ({
  metadata: { name: 'b' },
  spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
});

describe('admission policies', () => {
  let cluster: Cluster;
  const enforce = async (spec: object, bound: object = {}) => {
    await cluster.create(`${group}/validatingadmissionpolicies`, policy(spec));
    await cluster.create(`${group}/validatingadmissionpolicybindings`, binding(bound));
  };
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('are in force with the write that binds them, and out of it with the one that unbinds them', async () => {
    await cluster.create(maps, configMap('before'));
    await enforce({ validations: [{ expression: "object.metadata.name != 'a'", message: 'not a' }] });
    expect(await refusalText(cluster.create(maps, configMap('a')))).toBe(
      `422 Invalid: configmaps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not a`,
    );
    await cluster.create(maps, configMap('b'));
    await cluster.remove(`${group}/validatingadmissionpolicybindings/-/b`);
    await cluster.create(maps, configMap('a'));
  });

  it('take custom resources as parameters, of the request’s namespace', async () => {
    await cluster.create('apiextensions.k8s.io/v1/customresourcedefinitions', widgetDefinition());
    await cluster.create('example.com/v1/widgets/default', widget('limits', { most: 2 }));
    await enforce(
      {
        paramKind: { apiVersion: 'example.com/v1', kind: 'Widget' },
        validations: [{ expression: 'size(object.data) <= params.spec.most' }],
      },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    );
    await cluster.create(maps, configMap('few', { a: '1', b: '2' }));
    const many = configMap('many', { a: '1', b: '2', c: '3' });
    expect(await refusalText(cluster.create(maps, many))).toContain(
      'failed expression: size(object.data) <= params.spec.most',
    );
    expect(await refusalText(cluster.create('v1/configmaps/kube-system', many))).toContain(
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
    );
  });

  it('compute a variable once, and only where it is asked for', async () => {
    await enforce({
      variables: [
        { name: 'broken', expression: 'object.data.nothing' },
        { name: 'name', expression: 'object.metadata.name' },
      ],
      validations: [{ expression: "variables.name == 'a' || variables.broken == 'x'" }],
    });
    await cluster.create(maps, configMap('a', { x: '1' }));
    expect((await refusal(cluster.create(maps, configMap('b', { x: '1' })))).message).toContain(
      'composited variable "broken" fails to evaluate: no such key: nothing',
    );
  });

  it('see deletions, and what they exclude they do not see', async () => {
    await cluster.create(maps, configMap('kept'));
    await cluster.create(maps, configMap('free'));
    const excludeResourceRules = [{ ...rule, resourceNames: ['free'] }];
    await enforce({
      matchConstraints: { resourceRules: [rule], excludeResourceRules },
      validations: [{ expression: "request.operation != 'DELETE'", reason: 'Forbidden' }],
    });
    expect((await refusal(cluster.remove(`${maps}/kept`))).code).toBe(403);
    await cluster.remove(`${maps}/free`);
    expect((await refusal(cluster.request('deletecollection', maps, { body: {} }))).code).toBe(403);
  });

  it('stop at their budget', async () => {
    const ten = '[1,2,3,4,5,6,7,8,9,10]';
    const loops = ['a', 'b', 'c', 'd', 'e', 'f'].reduceRight(
      (inner, name) => `${ten}.all(${name}, ${inner})`,
      'a+b+c+d+e+f > 0',
    );
    await enforce({ validations: [{ expression: loops }] });
    expect((await refusal(cluster.create(maps, configMap('a')))).message).toContain(
      'operation cancelled: actual cost limit exceeded',
    );
  });

  it('cannot stand in the way of their own removal', async () => {
    const everything = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] };
    await enforce({ matchConstraints: { resourceRules: [everything] }, validations: [{ expression: 'false' }] });
    await cluster.remove(`${group}/validatingadmissionpolicies/-/p`);
    await cluster.create(maps, configMap('a'));
  });

  it('annotate the audit event', async () => {
    await enforce(
      {
        validations: [{ expression: 'false', message: 'never' }],
        auditAnnotations: [{ key: 'name', valueExpression: 'string(object.metadata.name)' }],
      },
      { validationActions: ['Audit'] },
    );
    const noted: Record<string, string> = {};
    await cluster.request('create', maps, {
      body: configMap('a'),
      annotate: (key, value) => {
        noted[key] = value;
      },
    });
    expect(noted['p/name']).toBe('a');
    expect(JSON.parse(noted['validation.policy.admission.k8s.io/validation_failure']!)).toEqual([
      { message: 'never', policy: 'p', binding: 'b', expressionIndex: 0, validationActions: ['Audit'] },
    ]);
  });
});
