/** Takeover by ownership (architecture, section 5): what is stated reaches the member, what is not stays as it is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, handsOn, nginx, policyFor, quiet, worksOf } from '#harness/samples.ts';

let flow: Flow;
beforeEach(async () => {
  flow = await startFlow({ members: ['member1'] });
});
afterEach(() => flow.stop());

const container = (live: Anything, name = 'nginx') =>
  live.spec.template.spec.containers.find((each: Anything) => each.name === name);

/** With everything that is removed or changed in these tests. */
const rich: Anything = {
  ...nginx,
  metadata: { ...nginx.metadata, labels: { team: 'a', tier: 'web' } },
  spec: {
    ...nginx.spec,
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: {
        securityContext: { runAsNonRoot: true },
        volumes: [
          { name: 'cache', emptyDir: {} },
          { name: 'config', configMap: { name: 'nginx' } },
        ],
        containers: [
          {
            name: 'nginx',
            image: 'nginx:1.27',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            ports: [{ containerPort: 80 }],
            livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 20 },
            securityContext: { allowPrivilegeEscalation: false },
            volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
            resources: { requests: { cpu: '0.5' } },
          },
          { name: 'logger', image: 'busybox:1' },
        ],
      },
    },
  },
};

const withContainer = (object: Anything, change: (container: Anything) => Anything): Anything => ({
  ...object,
  spec: {
    ...object.spec,
    template: {
      ...object.spec.template,
      spec: {
        ...object.spec.template.spec,
        containers: object.spec.template.spec.containers.map((each: Anything) =>
          each.name === 'nginx' ? change(each) : each,
        ),
      },
    },
  },
});

const without = (object: Anything, ...keys: readonly string[]): Anything =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

const removals: readonly (readonly [string, Anything, (live: Anything) => void])[] = [
  [
    'an env',
    withContainer(rich, (each) => ({ ...each, env: [{ name: 'A', value: '1' }] })),
    (live) => expect(container(live).env).toEqual([{ name: 'A', value: '1' }]),
  ],
  [
    'a container',
    {
      ...rich,
      spec: {
        ...rich.spec,
        template: {
          ...rich.spec.template,
          spec: { ...rich.spec.template.spec, containers: [rich.spec.template.spec.containers[0]] },
        },
      },
    },
    (live) => expect(live.spec.template.spec.containers.map((each: Anything) => each.name)).toEqual(['nginx']),
  ],
  [
    'a probe',
    withContainer(rich, (each) => without(each, 'livenessProbe')),
    (live) => expect(container(live).livenessProbe).toBeUndefined(),
  ],
  [
    'a securityContext',
    withContainer(rich, (each) => without(each, 'securityContext')),
    (live) => expect(container(live).securityContext).toBeUndefined(),
  ],
  [
    'a volume and its mount',
    withContainer(
      {
        ...rich,
        spec: {
          ...rich.spec,
          template: {
            ...rich.spec.template,
            spec: { ...rich.spec.template.spec, volumes: [rich.spec.template.spec.volumes[1]] },
          },
        },
      },
      (each) => without(each, 'volumeMounts'),
    ),
    (live) => {
      expect(live.spec.template.spec.volumes.map((each: Anything) => each.name)).toEqual(['config']);
      expect(container(live).volumeMounts).toBeUndefined();
    },
  ],
  [
    'a label',
    { ...rich, metadata: { ...rich.metadata, labels: { tier: 'web' } } },
    (live) => {
      expect(live.metadata.labels.tier).toBe('web');
      expect(live.metadata.labels.team).toBeUndefined();
    },
  ],
];

type Way = 'apply' | 'serverApply';

describe.each<Way>(['apply', 'serverApply'])('removed from a template made by %s', (way) => {
  it.each(removals)('%s leaves the member too', async (_what, changed, check) => {
    const { control, member1 } = handsOn(flow);
    const original = await member1.apply(rich);
    await control[way](rich);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    expect((await member1.get(nginx)).spec).toEqual(original.spec);
    await control[way](changed);
    await quiet(flow);
    const live = await member1.get(nginx);
    check(live);
    expect(container(live).image).toBe('nginx:1.27');
    expect(container(live).resources).toEqual({ requests: { cpu: '500m' } });
  });
});

describe.each(['apply', 'serverApply', 'create'] as const)('a template made by %s', (way) => {
  it('is followed by scale, set image, set env, label and edit', async () => {
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await control[way](nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);

    await control.scale(nginx, 5);
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(5);

    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await control.setEnv(nginx, 'nginx', 'A', '1');
    await quiet(flow);
    let live = await member1.get(nginx);
    expect(container(live).image).toBe('nginx:1.28');
    expect(container(live).env).toEqual([{ name: 'A', value: '1' }]);
    expect(container(live).ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);

    await control.label(nginx, 'team', 'a');
    await control.restart(nginx, '2026-01-01T00:00:00Z');
    await quiet(flow);
    live = await member1.get(nginx);
    expect(live.metadata.labels.team).toBe('a');
    expect(live.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBe('2026-01-01T00:00:00Z');

    // Edited: something added, something removed, something set and set back to its default.
    const policy = (value: string) => (each: Anything) => ({ ...each, imagePullPolicy: value });
    await control.edit(nginx, (now) =>
      withContainer(now, (each) => ({ ...policy('Never')(each), env: undefined, command: ['nginx'] })),
    );
    await quiet(flow);
    live = await member1.get(nginx);
    expect(container(live).imagePullPolicy).toBe('Never');
    expect(container(live).env).toBeUndefined();
    expect(container(live).command).toEqual(['nginx']);

    await control.edit(nginx, (now) => withContainer(now, policy('IfNotPresent')));
    await control.label(nginx, 'team', null);
    await control.scale(nginx, 1);
    await quiet(flow);
    live = await member1.get(nginx);
    expect(container(live).imagePullPolicy).toBe('IfNotPresent');
    expect(live.metadata.labels.team).toBeUndefined();
    expect(live.spec.replicas).toBe(1);
    expect((await worksOf(flow, nginx)).length).toBe(1);
  });
});

describe('a Deployment that others have touched', () => {
  const touched = async () => {
    const { member1 } = handsOn(flow);
    await member1.apply(
      withContainer(nginx, (each) => ({
        ...each,
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      })),
    );
    await member1.patch(
      nginx,
      { spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'envoy:1' }] } } } },
      'injector',
    );
    await member1.restart(nginx, '2026-01-01T00:00:00Z');
    return member1.scale(nginx, 3).then(() => member1.get(nginx));
  };
  const template = withContainer(nginx, (each) => ({
    ...each,
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
  }));

  it('keeps replicas, sidecar and restartedAt, and its Pod template to the byte', async () => {
    const { control, member1 } = handsOn(flow);
    const before = await touched();
    await control.apply(template);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
    const after = await member1.get(nginx);
    expect(JSON.stringify(after.spec)).toBe(JSON.stringify(before.spec));
    expect(after.metadata.labels['karmada.io/managed']).toBe('true');
    expect(after.spec.replicas).toBe(3);

    // Later the template drops env B: the member's B goes, everything else stays.
    await control.apply(withContainer(nginx, (each) => ({ ...each, env: [{ name: 'A', value: '1' }] })));
    await quiet(flow);
    const later = await member1.get(nginx);
    expect(container(later).env).toEqual([{ name: 'A', value: '1' }]);
    expect(container(later, 'sidecar').image).toBe('envoy:1');
    expect(later.spec.replicas).toBe(3);
    expect(later.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBe('2026-01-01T00:00:00Z');
  });

  it('takes the number of replicas once the template says another, and for good', async () => {
    const { control, member1 } = handsOn(flow);
    await touched();
    await control.apply(template);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await control.scale(nginx, 5);
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(5);
    await control.scale(nginx, 2);
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    // A person's scale in the member is drift now.
    await member1.scale(nginx, 7);
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
  });
});

describe('fields that come to be yielded', () => {
  const migrate = async () => {
    const { control, member1 } = handsOn(flow);
    await member1.apply(nginx);
    await control.apply(nginx);
    await control.apply(policyFor('pp', [nginx]));
    await applied(flow, nginx);
    await quiet(flow);
  };

  it('are released to an autoscaler, also when it writes through scale', async () => {
    const { control, member1 } = handsOn(flow);
    await migrate();
    await member1.scale(nginx, 6, 'kube-controller-manager');
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(6);
    await control.setImage(nginx, 'nginx', 'nginx:1.28');
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(6);
    await member1.scale(nginx, 4, 'kube-controller-manager');
    await quiet(flow);
    const live = await member1.get(nginx);
    expect(live.spec.replicas).toBe(4);
    expect(container(live).image).toBe('nginx:1.28');
  });

  it('are released to whoever owns them when the template gets the retain label', async () => {
    const { control, member1 } = handsOn(flow);
    await migrate();
    await control.label(nginx, 'resourcetemplate.karmada.io/retain-replicas', 'true');
    await quiet(flow);
    expect((await member1.get(nginx)).spec.replicas).toBe(2);
    // First the template's number changes, so that the field is given up by us and not taken from us.
    await control.scale(nginx, 3);
    await quiet(flow);
    let live = await member1.get(nginx);
    expect(live.spec.replicas).toBe(2);
    const own = live.metadata.managedFields.find((each: Anything) => each.manager === 'flotilla');
    expect(own.fieldsV1['f:spec']['f:replicas']).toBeUndefined();
    await member1.scale(nginx, 9);
    await control.scale(nginx, 4);
    await quiet(flow);
    live = await member1.get(nginx);
    expect(live.spec.replicas).toBe(9);
  });
});
