/** The Deployment that the takeover cases are about, and changes of it. */
import type { Anything } from '#harness/kubectl.ts';
import { nginx } from '#harness/samples.ts';

export const container = (live: Anything, name = 'nginx'): Anything =>
  live.spec.template.spec.containers.find((each: Anything) => each.name === name);

/** With everything that is removed or changed in these cases. */
export const rich: Anything = {
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

export const withContainer = (object: Anything, change: (container: Anything) => Anything): Anything => ({
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

export const withPodSpec = (object: Anything, change: (spec: Anything) => Anything): Anything => ({
  ...object,
  spec: { ...object.spec, template: { ...object.spec.template, spec: change(object.spec.template.spec) } },
});

export const without = (object: Anything, ...keys: readonly string[]): Anything =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
