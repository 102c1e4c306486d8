/** Objects that several scripts begin with. */
import type { Anything } from '#harness/kubectl.ts';

export const deployment = (name: string, spec: Anything = {}, container: Anything = {}): Anything => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'nginx:1.27', ...container }] },
    },
    ...spec,
  },
});

export const configMap = (name: string, data: Anything, metadata: Anything = {}): Anything => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const service = (name: string, spec: Anything = {}): Anything => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

export const object = (apiVersion: string, kind: string, name: string, rest: Anything = {}): Anything => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});
