import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#kube/meta/object.ts';
import { LuaError } from './error.ts';
import { kubeModules } from './kube.ts';
import { compile } from './lua.ts';

/** What an expression over `kube` and the argument `value` gives. */
const evaluate = (expression: string, value: JsonValue = null) =>
  compile(`local kube = require("kube")\nfunction main(value) return ${expression} end`, 'kube').call('main', [value], {
    modules: kubeModules,
  });

const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    nodeSelector: { disk: 'ssd' },
    serviceAccountName: 'runner',
    containers: [
      {
        name: 'a',
        resources: { requests: { cpu: '100m', memory: '1Gi' } },
        envFrom: [{ configMapRef: { name: 'settings' } }],
      },
      { name: 'b', resources: { requests: { cpu: '400m' } } },
    ],
    volumes: [{ name: 'keys', secret: { secretName: 'keys' } }],
  },
};

describe('kube', () => {
  test.each([
    ['kube.resourceAdd("100m", "1", nil, "900m")', '2'],
    ['kube.resourceAdd("1Gi", "1Gi")', '2Gi'],
    ['kube.resourceAdd()', '0'],
    ['kube.getResourceQuantity("1500m")', 1.5],
    ['kube.getResourceQuantity("1Ki")', 1024],
    ['kube.getResourceQuantity(nil)', 0],
    ['kube.accuratePodRequirements({spec = {containers = {}}})', null],
    ['kube.accuratePodRequirements({})', null],
  ])('%s', (expression, expected) => expect(evaluate(expression)).toEqual([expected]));

  test('requirements of a template', () =>
    expect(evaluate('kube.accuratePodRequirements(value)', template)).toEqual([
      { nodeClaim: { nodeSelector: { disk: 'ssd' } }, resourceRequest: { cpu: '500m', memory: '1Gi' } },
    ]));

  test.each([
    ['"shop"', 'shop'],
    ['nil', 'default'],
  ])('dependencies of a template in %s', (argument, namespace) =>
    expect(evaluate(`kube.getPodDependencies(value, ${argument})`, template)).toEqual([
      [
        { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
        { apiVersion: 'v1', kind: 'Secret', namespace, name: 'keys' },
        { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'runner' },
      ],
    ]),
  );

  test.each([
    ['kube.resourceAdd(1)', 'bad argument #1 to resourceAdd (string expected)'],
    ['kube.resourceAdd("many")', "cannot parse 'many'"],
    ['kube.getResourceQuantity("-1")', 'negative value'],
    ['kube.getResourceQuantity("1", "2")', 'getResourceQuantity only accepts one argument'],
    ['kube.accuratePodRequirements(nil)', 'bad argument #1 to accuratePodRequirements (table expected)'],
    [
      'kube.accuratePodRequirements({spec = {containers = {{resources = {requests = {cpu = "many"}}}, {resources = {requests = {cpu = "1"}}}}}})',
      'quantities must match',
    ],
    ['kube.accuratePodRequirements({spec = {containers = 5}})', 'fail to convert the lua value to a Pod template'],
    ['kube.getPodDependencies({spec = {volumes = true}}, nil)', 'fail to convert the lua value to a Pod template'],
    ['kube.getPodDependencies({})', 'getPodDependencies only accepts two argument'],
  ])('%s is an error of the script', (expression, message) => {
    expect(() => evaluate(expression)).toThrow(LuaError);
    expect(() => evaluate(expression)).toThrow(`kube:2: `);
    expect(() => evaluate(expression)).toThrow(message);
  });
});
