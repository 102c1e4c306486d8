/** The three documents, command by command, in their order. */
import type { Case, Step } from './case.ts';
import {
  applicationPolicy,
  applicationPolicyPreserving,
  deploymentsAndServices,
  deploymentsPolicy,
  migratePolicy,
  nginxApplication,
  nginxAppPolicy,
  servicesPolicy,
} from './manifests.ts';

const policyCreated = (name: string) => [`propagationpolicy.policy.karmada.io/${name} created`];

const runningIn1 = (name: string): Step => ({
  at: 'the workload runs in member1',
  command: 'kubectl --context member1 get deploy',
  table: `NAME           READY   UP-TO-DATE   AVAILABLE   AGE
${name.padEnd(14)} 2/2     2            2           38s`,
  remembersPods: true,
});

const goneFromControlPlane = (what: string): Step => ({
  at: 'and nothing of it is left in the control plane',
  command: `kubectl --context karmada-apiserver get ${what}`,
  words: ['No resources found in default namespace.'],
});

const featureGatePipeline = String.raw`kubectl --context karmada-host get deploy karmada-controller-manager -n karmada-system -o yaml | sed '/- --failover-eviction-timeout=30s/{n;s/- --v=4/- --feature-gates=PropagationPolicyPreemption=true\n        &/g}' | kubectl --context karmada-host replace -f -`;

/** Document 001, after the clusters are installed. */
const tutorial: Case = {
  name: '001 resource migration',
  objects: ['nginx-deploy', 'nginx-svc', 'migrate-pp', 'nginx-pp', 'nginx-deploy-deployment', 'nginx-svc-service'],
  steps: [
    {
      at: 'the components are shown',
      command: 'kubectl --context karmada-host get deploy -n karmada-system',
      words: ['karmada-apiserver', 'karmada-controller-manager', 'karmada-scheduler', 'karmada-webhook'],
    },
    {
      at: 'the feature gate, step two',
      command: featureGatePipeline,
      lines: ['deployment.apps/karmada-controller-manager replaced'],
    },
    {
      at: 'the flag is there',
      command: 'kubectl --context karmada-host get deploy karmada-controller-manager -n karmada-system -o yaml',
      words: [
        '        - --failover-eviction-timeout=30s\n        - --feature-gates=PropagationPolicyPreemption=true\n        - --v=4',
        'observedGeneration: 2',
      ],
    },
    {
      at: 'and the component has rolled out with it',
      command: 'kubectl --context karmada-host get deploy karmada-controller-manager -n karmada-system',
      words: ['1/1     1            1'],
    },
    {
      at: 'preset resources, steps three and four',
      files: { '/tmp/deployments-and-services.yaml': deploymentsAndServices },
      command: 'kubectl --context member1 apply -f /tmp/deployments-and-services.yaml',
      lines: ['deployment.apps/nginx-deploy created', 'service/nginx-svc created'],
    },
    runningIn1('nginx-deploy'),
    {
      at: 'guide, step one',
      command: 'kubectl --context karmada-apiserver apply -f /tmp/deployments-and-services.yaml',
      lines: ['deployment.apps/nginx-deploy created', 'service/nginx-svc created'],
    },
    {
      at: 'guide, steps two and three',
      files: { '/tmp/pp-for-migrating-deployments-and-services.yaml': migratePolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/pp-for-migrating-deployments-and-services.yaml',
      lines: policyCreated('migrate-pp'),
    },
    {
      at: 'guide, step four: Deployments',
      command: 'kubectl --context karmada-apiserver get deploy',
      table: `NAME           READY   UP-TO-DATE   AVAILABLE   AGE
nginx-deploy   2/2     2            2           38s`,
    },
    {
      at: 'guide, step four: bindings',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                      SCHEDULED   FULLYAPPLIED   AGE
nginx-deploy-deployment   True        True           13s
nginx-svc-service         True        True           13s`,
    },
    {
      at: 'guide, steps five and six',
      files: { '/tmp/pp-for-nginx-app.yaml': nginxAppPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/pp-for-nginx-app.yaml',
      lines: policyCreated('nginx-pp'),
    },
    {
      at: 'guide, step seven: Deployments of member2',
      command: 'kubectl --context member2 get deploy -o wide ',
      table: `NAME           READY   UP-TO-DATE   AVAILABLE   AGE     CONTAINERS   IMAGES         SELECTOR
nginx-deploy   2/2     2            2           5m24s   nginx        nginx:latest   app=nginx`,
    },
    {
      at: 'guide, step seven: Services of member2',
      command: 'kubectl --context member2 get svc -o wide   ',
      table: `NAME         TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)        AGE   SELECTOR
nginx-svc    NodePort    10.13.161.255   <none>        80:30000/TCP   54s   app=nginx
...`,
    },
    {
      at: 'both policies are there, with what they say',
      command: 'kubectl --context karmada-apiserver get pp',
      table: `NAME         CONFLICT-RESOLUTION   PRIORITY   AGE
migrate-pp   Overwrite             0          53s
nginx-pp     Overwrite             10         33s`,
    },
    {
      at: 'the template counts both members',
      command: 'kubectl --context karmada-apiserver get deploy',
      table: `NAME           READY   UP-TO-DATE   AVAILABLE   AGE
nginx-deploy   4/2     4            4           62s`,
    },
  ],
};

/** Document 000: by kind first, then an application by a policy that preempts. */
const batch: Case = {
  name: '000 migration in batch',
  objects: ['nginx-deploy', 'nginx-svc', 'nginx-deploy-deployment', 'nginx-svc-service'],
  steps: [
    {
      at: 'the cluster that is there already',
      files: { '/tmp/resources.yaml': deploymentsAndServices },
      command: 'kubectl --context member1 apply -f /tmp/resources.yaml',
      lines: ['deployment.apps/nginx-deploy created', 'service/nginx-svc created'],
    },
    runningIn1('nginx-deploy'),
    {
      at: 'step two',
      command: 'kubectl --context karmada-apiserver apply -f /tmp/resources.yaml',
      lines: ['deployment.apps/nginx-deploy created', 'service/nginx-svc created'],
    },
    {
      at: 'step three, example 1',
      files: { '/tmp/deployments-pp.yaml': deploymentsPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/deployments-pp.yaml',
      lines: policyCreated('deployments-pp'),
    },
    {
      at: 'example 1 has taken the Deployment, and only that',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                      SCHEDULED   FULLYAPPLIED   AGE
nginx-deploy-deployment   True        True           13s`,
    },
    {
      at: 'step three, example 2',
      files: { '/tmp/services-pp.yaml': servicesPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/services-pp.yaml',
      lines: policyCreated('services-pp'),
    },
    {
      at: 'step four',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                      SCHEDULED   FULLYAPPLIED   AGE
nginx-deploy-deployment   True        True           13s
nginx-svc-service         True        True           13s`,
    },
    {
      at: 'preemption by the application',
      files: { '/tmp/pp-for-nginx-app.yaml': nginxAppPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/pp-for-nginx-app.yaml',
      lines: policyCreated('nginx-pp'),
    },
    {
      at: 'both run in member2 too',
      command: 'kubectl --context member2 get deploy,svc',
      words: ['deployment.apps/nginx-deploy   2/2     2            2', 'service/nginx-svc', '80:30000/TCP'],
    },
  ],
};

/** Document 004: by kind, by application, and back again. */
const rollback: Case = {
  name: '004 migration in batch and rollback',
  objects: ['nginx', 'nginx-svc', 'nginx-pp', 'nginx-deployment', 'nginx-svc-service'],
  steps: [
    {
      at: 'the application that is there already',
      files: { '/tmp/nginx.yaml': nginxApplication },
      command: 'kubectl --context member1 apply -f /tmp/nginx.yaml',
      lines: ['deployment.apps/nginx created', 'service/nginx-svc created'],
    },
    runningIn1('nginx'),
    {
      at: 'step two',
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx.yaml',
      lines: ['deployment.apps/nginx created', 'service/nginx-svc created'],
    },
    {
      at: 'Eg1',
      files: { '/tmp/deployments-pp.yaml': deploymentsPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/deployments-pp.yaml',
      lines: policyCreated('deployments-pp'),
    },
    {
      at: 'Eg2',
      files: { '/tmp/services-pp.yaml': servicesPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/services-pp.yaml',
      lines: policyCreated('services-pp'),
    },
    {
      at: 'both kinds are taken over',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                SCHEDULED   FULLYAPPLIED   AGE
nginx-deployment    True        True           12s
nginx-svc-service   True        True           12s`,
    },
    {
      at: 'note two: a policy that is deleted leaves templates and members as they are',
      command: 'kubectl --context karmada-apiserver delete pp deployments-pp services-pp',
      words: ['propagationpolicy.policy.karmada.io "deployments-pp" deleted', '"services-pp" deleted'],
    },
    {
      at: 'the templates are there, without a policy',
      command: 'kubectl --context karmada-apiserver get deploy,svc --show-labels',
      words: ['deployment.apps/nginx', 'service/nginx-svc'],
      without: ['propagationpolicy.karmada.io/permanent-id'],
    },
    {
      at: 'Eg3',
      files: { '/tmp/nginx-pp.yaml': applicationPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx-pp.yaml',
      lines: policyCreated('nginx-pp'),
    },
    {
      at: 'the application is taken over by name',
      command: 'kubectl --context karmada-apiserver get deploy nginx -o yaml',
      words: ['propagationpolicy.karmada.io/name: nginx-pp', 'readyReplicas: 2'],
    },
    {
      at: 'how to roll back: the flag',
      files: { '/tmp/nginx-pp-preserving.yaml': applicationPolicyPreserving },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx-pp-preserving.yaml',
      lines: ['propagationpolicy.policy.karmada.io/nginx-pp configured'],
    },
    {
      at: 'how to roll back: the templates go, at once',
      command: 'kubectl --context karmada-apiserver delete -f /tmp/nginx.yaml',
      words: ['deployment.apps "nginx" deleted', 'service "nginx-svc" deleted'],
    },
    goneFromControlPlane('rb'),
    {
      at: 'the Deployment runs on in member1',
      command: 'kubectl --context member1 get deploy',
      table: `NAME    READY   UP-TO-DATE   AVAILABLE   AGE
nginx   2/2     2            2           49s`,
    },
    {
      at: 'and so does the Service',
      command: 'kubectl --context member1 get svc',
      table: `NAME         TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)        AGE
nginx-svc    NodePort    10.11.248.219   <none>        80:30000/TCP   50s`,
    },
    {
      at: 'without a mark of ours',
      command: 'kubectl --context member1 get deploy,svc -o yaml',
      words: ['name: nginx-svc'],
      without: ['karmada.io'],
    },
  ],
};

export const documents: readonly Case[] = [tutorial, batch, rollback];
