import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  configMap,
  deployment,
  refusalText,
  startCluster,
  widget,
  widgetDefinition,
} from '../../serve.cases.ts';

describe('decoding', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.create(
      'apiextensions.k8s.io/v1/customresourcedefinitions',
      widgetDefinition({
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            properties: { size: { type: 'integer', default: 3 }, colour: { type: 'string', enum: ['red', 'blue'] } },
          },
        },
      }),
    );
  });
  const deployments = 'apps/v1/deployments/default';
  const attempt = (body: object, options = {}) => cluster.create(deployments, body, { dryRun: true, ...options });
  const wrong = (spec: object) => ({ ...deployment('a'), spec: { ...deployment('a').spec, ...spec } });

  it.each([
    [
      { replicas: 'two' },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      { replicas: 1.5 },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [{ paused: 'no' }, 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool'],
    [
      { template: { spec: { containers: [{ name: 'a', image: 5 }] } } },
      'json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.image of type string',
    ],
    [
      { template: { spec: { containers: { name: 'a' } } } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container',
    ],
    [
      { selector: { matchLabels: { app: 1 } } },
      'json: cannot unmarshal number into Go struct field LabelSelector.spec.selector.matchLabels of type string',
    ],
  ])('refuses wrong types of built-in kinds as Go does: %j', async (spec, text) => {
    expect(await refusalText(attempt(wrong(spec)))).toBe(
      `400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: ${text}`,
    );
  });

  it('refuses wrong metadata of custom resources as Go does, and wrong content as a schema does', async () => {
    const target = 'example.com/v1/widgets/default';
    expect(
      await refusalText(cluster.create(target, { ...widget('a'), metadata: { name: 'a', labels: { b: 1 } } })),
    ).toBe(
      '400 BadRequest: Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    );
    expect(await refusalText(cluster.create(target, widget('a', { size: 'big' })))).toBe(
      '422 Invalid: Widget.example.com "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    );
    expect(await refusalText(cluster.create(target, widget('a', { colour: 'green' })))).toBe(
      '422 Invalid: Widget.example.com "a" is invalid: spec.colour: Unsupported value: "green": supported values: "red", "blue"',
    );
  });

  it('refuses, warns of or drops unknown fields as asked', async () => {
    const body = wrong({ replicaz: 2 });
    expect(await refusalText(attempt(body, { fieldValidation: 'Strict' }))).toBe(
      '400 BadRequest: Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicaz"',
    );
    const options = { dryRun: true } as const;
    const warned = await cluster.request('create', deployments, { body, options });
    expect(warned.warnings).toEqual(['unknown field "spec.replicaz"']);
    expect((warned.object as unknown as { spec: object }).spec).not.toHaveProperty('replicaz');
    const ignored = await cluster.request('create', deployments, {
      body,
      options: { ...options, fieldValidation: 'Ignore' },
    });
    expect(ignored.warnings).toEqual([]);
  });

  it('prunes and fills in defaults of custom resources, and leaves metadata alone', async () => {
    const body = { ...widget('a', { extra: true }), metadata: { name: 'a', labels: { b: 'c' } } };
    const created = await cluster.create('example.com/v1/widgets/default', body, { dryRun: true });
    expect(created.spec).toEqual({ size: 3 });
    expect(created.metadata.labels).toEqual({ b: 'c' });
  });

  it('takes apiVersion and kind from the path where they are absent, and refuses others', async () => {
    const { apiVersion: _, kind: __, ...bare } = configMap('a');
    expect(await cluster.create('v1/configmaps/default', bare, { dryRun: true })).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
    });
    expect(await refusalText(attempt({ ...deployment('a'), apiVersion: 'extensions/v1beta1' }))).toBe(
      '400 BadRequest: the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)',
    );
    expect(await refusalText(attempt({ ...deployment('a'), kind: 'ReplicaSet' }))).toBe(
      '400 BadRequest: ReplicaSet in version "v1" cannot be handled as a Deployment: converting (v1.ReplicaSet) to (apps.Deployment): unknown conversion',
    );
  });

  it('refuses a body that is no object', async () => {
    expect(await refusalText(cluster.request('create', deployments, { body: [] }))).toContain(
      '400 BadRequest: the object provided is unrecognized (must be of type Deployment)',
    );
    expect(await refusalText(cluster.request('create', deployments, {}))).toContain('unexpected end of JSON input');
  });
});
