/** What the sweep's command lines are given on their standard input, by name. */

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1.27", ports: [{containerPort: 80}], env: [{name: A, value: "1"}]}
`;

const settings = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app: web}}
data: {a: "1", b: two}
`;

export const manifests: Readonly<Record<string, string>> = {
  web,
  webChanged: web.replace('1.27', '1.28').replace('replicas: 2', 'replicas: 3'),
  webUnknown: web.replace('replicas: 2', 'replicas: 2\n  replica: 3'),
  webWrong: web.replace('replicas: 2', 'replicas: two'),
  settings,
  settingsChanged: settings.replace('two', 'three'),
  both: `${web}---\n${settings}`,
  pod: `apiVersion: v1
kind: Pod
metadata: {name: alone, labels: {app: alone}}
spec:
  containers:
  - {name: main, image: "busybox:1.36", resources: {requests: {cpu: 10m}}}
  - {name: side, image: "busybox:1.36"}
`,
  secret: `apiVersion: v1
kind: Secret
metadata: {name: hidden}
stringData: {password: swordfish}
`,
  definition: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sweep.example.com}
spec:
  group: sweep.example.com
  scope: Namespaced
  names: {plural: boats, singular: boat, kind: Boat, shortNames: [bt], categories: [all, fleet]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.crew, statusReplicasPath: .status.crew}}
    additionalPrinterColumns:
    - {name: Crew, type: integer, jsonPath: .spec.crew}
    - {name: Port, type: string, jsonPath: .spec.port, priority: 1}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [crew]
            properties: {crew: {type: integer, minimum: 0}, port: {type: string, default: home}}
          status: {type: object, properties: {crew: {type: integer}}}
`,
  boat: `apiVersion: sweep.example.com/v1
kind: Boat
metadata: {name: ark}
spec: {crew: 8}
`,
  boatWrong: `apiVersion: sweep.example.com/v1
kind: Boat
metadata: {name: ark}
spec: {crew: -1, mast: 2}
`,
  notYaml: 'a: [b\n',
  noKind: 'apiVersion: v1\nmetadata: {name: x}\n',
  unknownKind: 'apiVersion: nowhere.io/v1\nkind: Nothing\nmetadata: {name: x}\n',
};
