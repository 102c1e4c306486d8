/** Small schemas for the tests of this room: a native Deployment, an HPA, a ConfigMap, and a custom kind with all list and map types. */
import {
  anyValue,
  array,
  boolean,
  int32,
  intOrString,
  listMap,
  map,
  object,
  rawObject,
  required,
  setOf,
  string,
  withDefault,
} from '#kube/schema/build.ts';
import { withEnvelope } from '#kube/schema/metadata.ts';
import type { Schema } from '#kube/schema/schema.ts';

const quantity = { type: undefined, component: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } as unknown as ReturnType<typeof anyValue>;

const probe = object({
  httpGet: object({ path: string(), port: required(intOrString()), scheme: string() }),
  initialDelaySeconds: int32(),
  periodSeconds: int32(),
});

const container = object({
  name: required(withDefault(string(), '')),
  image: string(),
  imagePullPolicy: string(),
  command: array(string(), { listType: 'atomic' }),
  args: array(string(), { listType: 'atomic' }),
  env: listMap(['name'], object({ name: required(withDefault(string(), '')), value: string(), valueFrom: rawObject() })),
  ports: listMap(
    ['containerPort', 'protocol'],
    object({ containerPort: required(int32()), protocol: withDefault(string(), 'TCP'), name: string() }),
  ),
  resources: withDefault(object({ limits: map(quantity), requests: map(quantity) }), {}),
  livenessProbe: probe,
  readinessProbe: probe,
  securityContext: object({ runAsUser: int32(), privileged: boolean() }),
  volumeMounts: listMap(
    ['mountPath'],
    object({ mountPath: required(withDefault(string(), '')), name: required(withDefault(string(), '')), readOnly: boolean() }),
  ),
});

const podSpec = object({
  containers: required(listMap(['name'], container)),
  volumes: listMap(
    ['name'],
    object({
      name: required(withDefault(string(), '')),
      emptyDir: object({ medium: string() }),
      configMap: object({ name: withDefault(string(), ''), optional: boolean() }),
    }),
  ),
  tolerations: array(object({ key: string(), operator: string(), effect: string() }), { listType: 'atomic' }),
  nodeSelector: map(string(), { mapType: 'atomic' }),
  dnsPolicy: string(),
  restartPolicy: string(),
  serviceAccountName: string(),
  securityContext: object({ runAsUser: int32() }),
});

const condition = object({ type: required(string()), status: required(string()), reason: string() });

const body = (properties: Readonly<Record<string, Schema>>, component: string): Schema => ({
  ...withEnvelope({ type: 'object', properties }),
  component,
});

const deployment = body(
  {
    spec: withDefault(
      object({
        replicas: int32(),
        paused: boolean(),
        selector: required(object({ matchLabels: map(string()) }, { mapType: 'atomic' })),
        strategy: withDefault(
          object({ type: string(), rollingUpdate: object({ maxSurge: intOrString(), maxUnavailable: intOrString() }) }),
          {},
        ),
        template: required(
          withDefault(
            object({
              metadata: withDefault(object({ labels: map(string()), annotations: map(string()) }), {}),
              spec: withDefault(podSpec, {}),
            }),
            {},
          ),
        ),
      }),
      {},
    ),
    status: withDefault(object({ replicas: int32(), conditions: listMap(['type'], condition) }), {}),
  },
  'io.k8s.api.apps.v1.Deployment',
);

const configMap = body({ data: map(string()), immutable: boolean() }, 'io.k8s.api.core.v1.ConfigMap');

/** As a CRD describes it: no Go type behind it, so an absent struct is absent. */
const widget: Schema = withEnvelope({
  type: 'object',
  properties: {
    spec: object({
      size: int32(),
      port: intOrString(),
      args: array(string()),
      tags: setOf(string()),
      labels: map(string()),
      selector: map(string(), { mapType: 'atomic' }),
      items: listMap(
        ['name'],
        object({ name: required(string()), value: string(), options: object({ a: string(), b: string() }) }),
      ),
      free: rawObject(),
    }),
    status: object({ ready: int32(), conditions: listMap(['type'], condition) }),
  },
});

export const kinds: Readonly<Record<string, Schema>> = {
  Deployment: deployment,
  ConfigMap: configMap,
  Widget: widget,
};
