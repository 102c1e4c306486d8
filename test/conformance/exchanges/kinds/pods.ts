/** What samples of Pods and of their templates have in common. */
export const podSpec = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 10,
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['192.0.2.53'], searches: ['a.example'], options: [{ name: 'ndots', value: '2' }] },
  nodeSelector: { disk: 'ssd' },
  serviceAccountName: 'default',
  automountServiceAccountToken: false,
  shareProcessNamespace: true,
  securityContext: {
    runAsUser: 1000,
    fsGroup: 2000,
    supplementalGroups: [1],
    sysctls: [{ name: 'net.core.somaxconn', value: '1' }],
  },
  imagePullSecrets: [{ name: 'p' }],
  hostname: 'h',
  subdomain: 's',
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] } },
      ],
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'x' } }, matchLabelKeys: ['v'] },
      ],
    },
  },
  tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
  hostAliases: [{ ip: '192.0.2.1', hostnames: ['a'] }],
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'x' } },
      minDomains: 2,
    },
  ],
  initContainers: [
    { name: 'side', image: 'busybox', restartPolicy: 'Always', startupProbe: { exec: { command: ['true'] } } },
    { name: 'init', image: 'busybox:1' },
  ],
  containers: [
    {
      name: 'main',
      image: 'nginx:1.27',
      command: ['a'],
      args: ['b', 'c'],
      workingDir: '/w',
      ports: [
        { name: 'web', containerPort: 80 },
        { containerPort: 53, protocol: 'UDP' },
      ],
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'c', optional: true } }, { secretRef: { name: 's' } }],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
        { name: 'D', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '0.5' } },
      volumeMounts: [
        { name: 'data', mountPath: '/d', subPath: 'x' },
        { name: 'conf', mountPath: '/c', readOnly: true },
      ],
      livenessProbe: {
        httpGet: { path: '/h', port: 'web', httpHeaders: [{ name: 'X', value: 'y' }] },
        periodSeconds: 3,
      },
      readinessProbe: { tcpSocket: { port: 80 } },
      startupProbe: { grpc: { port: 9000 } },
      lifecycle: { preStop: { sleep: { seconds: 1 } }, postStart: { exec: { command: ['x'] } } },
      securityContext: {
        privileged: false,
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
      stdin: true,
      tty: true,
    },
  ],
  volumes: [
    { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
    {
      name: 'conf',
      projected: {
        sources: [
          { secret: { name: 's', items: [{ key: 'k', path: 'p', mode: 256 }] } },
          { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
        ],
      },
    },
    { name: 'claim', persistentVolumeClaim: { claimName: 'c', readOnly: true } },
  ],
  readinessGates: [{ conditionType: 'example.com/ready' }],
};

export const podTemplate = {
  metadata: { labels: { app: 'x' }, annotations: { note: 'n' } },
  spec: podSpec,
};

export const jobTemplate = {
  spec: { restartPolicy: 'OnFailure', containers: [{ name: 'main', image: 'busybox:1' }] },
};
