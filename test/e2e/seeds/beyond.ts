/** What the documents say in words, without commands of their own: the other ways a migration may go. */
import type { Case } from './case.ts';
import { applicationPolicy, nginxApplication } from './manifests.ts';

const preset = (file: string) =>
  ({
    at: 'the application that is there already',
    files: { '/tmp/nginx.yaml': file },
    command: 'kubectl --context member1 apply -f /tmp/nginx.yaml',
    lines: ['deployment.apps/nginx created', 'service/nginx-svc created'],
  }) as const;

const running = {
  at: 'it runs in member1',
  command: 'kubectl --context member1 get deploy',
  table: `NAME    READY   UP-TO-DATE   AVAILABLE   AGE
nginx   2/2     2            2           49s`,
  remembersPods: true,
} as const;

const templates = {
  at: 'the templates',
  command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx.yaml',
  lines: ['deployment.apps/nginx created', 'service/nginx-svc created'],
} as const;

const objects = ['nginx', 'nginx-svc', 'nginx-pp', 'nginx-deployment', 'nginx-svc-service'];

/** Without Overwrite a member's own object is left alone, and the binding says why. */
const abort: Case = {
  name: 'a conflict that is not resolved',
  objects,
  steps: [
    preset(nginxApplication),
    running,
    templates,
    {
      at: 'the policy, without conflictResolution',
      files: { '/tmp/nginx-pp.yaml': applicationPolicy.replace('  conflictResolution: Overwrite\n', '') },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx-pp.yaml',
      lines: ['propagationpolicy.policy.karmada.io/nginx-pp created'],
    },
    {
      at: 'Abort is what it means',
      command: 'kubectl --context karmada-apiserver get pp',
      table: `NAME       CONFLICT-RESOLUTION   PRIORITY   AGE
nginx-pp   Abort                 0          17s`,
    },
    {
      at: 'scheduled, and not applied',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                SCHEDULED   FULLYAPPLIED   AGE
nginx-deployment    True        False          16s
nginx-svc-service   True        False          16s`,
    },
    {
      at: 'the reason in words',
      command: 'kubectl --context karmada-apiserver get rb nginx-deployment -o json',
      words: [
        'resource(kind=Deployment, default/nginx) already exists in the cluster member1',
        'strategy value is empty, Karmada will not manage this resource',
      ],
    },
    {
      at: 'the template counts nothing',
      command: 'kubectl --context karmada-apiserver get deploy',
      table: `NAME    READY   UP-TO-DATE   AVAILABLE   AGE
nginx   0/2     0            0           9s`,
    },
    {
      at: 'the templates go',
      command: 'kubectl --context karmada-apiserver delete -f /tmp/nginx.yaml',
      words: ['deployment.apps "nginx" deleted', 'service "nginx-svc" deleted'],
    },
    {
      at: 'the bindings with them',
      command: 'kubectl --context karmada-apiserver get rb',
      words: ['No resources found in default namespace.'],
    },
    {
      at: "the member's own objects were never touched",
      command: 'kubectl --context member1 get deploy,svc -o yaml',
      words: ['name: nginx-svc', 'readyReplicas: 2'],
      without: ['karmada.io'],
    },
  ],
};

/** What a person wrote by hand in the member, and the template does not say. */
const handWritten = nginxApplication
  .replace('metadata:\n  name: nginx\n', 'metadata:\n  name: nginx\n  labels:\n    team: web\n')
  .replace(
    '          image: nginx:latest',
    '          image: nginx:latest\n          env:\n            - name: COLOUR\n              value: blue',
  );

/** A migration written by hand, policy deleted before the templates' end, and back to the member's own original. */
const byHand: Case = {
  name: 'a migration written by hand, and back to the original',
  objects,
  steps: [
    preset(handWritten),
    running,
    {
      ...templates,
      at: 'templates that say less than the member has',
      files: { '/tmp/templates.yaml': nginxApplication },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/templates.yaml',
    },
    {
      at: 'the policy',
      files: { '/tmp/nginx-pp.yaml': applicationPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx-pp.yaml',
      lines: ['propagationpolicy.policy.karmada.io/nginx-pp created'],
    },
    {
      at: 'taken over',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                SCHEDULED   FULLYAPPLIED   AGE
nginx-deployment    True        True           12s
nginx-svc-service   True        True           12s`,
    },
    {
      at: 'with what only the member says',
      command: 'kubectl --context member1 get deploy nginx -o yaml',
      words: ['karmada.io/managed: "true"', 'team: web', 'name: COLOUR'],
    },
    {
      at: 'the originals are kept',
      command: 'kubectl --context karmada-apiserver get controllerrevisions -n karmada-es-member1',
      words: ['nginx-687f7fb96f', 'nginx-svc-577499b66'],
    },
    {
      at: 'the flag',
      command: `kubectl --context karmada-apiserver patch pp nginx-pp --type merge -p '{"spec":{"preserveResourcesOnDeletion":true}}'`,
      lines: ['propagationpolicy.policy.karmada.io/nginx-pp patched'],
    },
    {
      at: 'the templates go',
      command: 'kubectl --context karmada-apiserver delete -f /tmp/templates.yaml',
      words: ['deployment.apps "nginx" deleted', 'service "nginx-svc" deleted'],
    },
    {
      at: 'the member has its original again: what it says of itself is what was applied to it first',
      command: 'kubectl --context member1 get deploy nginx -o yaml --show-managed-fields',
      words: ['team: web', 'name: COLOUR', 'last-applied-configuration', 'manager: kubectl-client-side-apply'],
      without: ['karmada.io', 'manager: flotilla'],
    },
    {
      at: 'and it can be applied there again without a change',
      command: 'kubectl --context member1 apply -f /tmp/nginx.yaml',
      lines: ['deployment.apps/nginx unchanged', 'service/nginx-svc unchanged'],
    },
    {
      at: 'the kept originals are released',
      command: 'kubectl --context karmada-apiserver get controllerrevisions -n karmada-es-member1',
      words: ['No resources found in karmada-es-member1 namespace.'],
    },
  ],
};

/** Without the flag, what the template made goes with it; a policy's end changes nothing. */
const withoutTheFlag: Case = {
  name: 'policy deletion, then a template deleted without the flag',
  objects,
  steps: [
    preset(nginxApplication),
    running,
    templates,
    {
      at: 'the policy',
      files: { '/tmp/nginx-pp.yaml': applicationPolicy },
      command: 'kubectl --context karmada-apiserver apply -f /tmp/nginx-pp.yaml',
      lines: ['propagationpolicy.policy.karmada.io/nginx-pp created'],
    },
    {
      at: 'taken over',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                SCHEDULED   FULLYAPPLIED   AGE
nginx-deployment    True        True           12s
nginx-svc-service   True        True           12s`,
    },
    {
      at: 'the policy goes',
      command: 'kubectl --context karmada-apiserver delete -f /tmp/nginx-pp.yaml',
      words: ['propagationpolicy.policy.karmada.io "nginx-pp" deleted'],
    },
    {
      at: 'bindings stay',
      command: 'kubectl --context karmada-apiserver get rb',
      table: `NAME                SCHEDULED   FULLYAPPLIED   AGE
nginx-deployment    True        True           12s
nginx-svc-service   True        True           12s`,
    },
    {
      at: 'so do Works and what they made',
      command: 'kubectl --context karmada-apiserver get work -n karmada-es-member1',
      words: ['nginx-687f7fb96f', 'nginx-svc-577499b66'],
    },
    {
      at: 'the templates go, without the flag',
      command: 'kubectl --context karmada-apiserver delete -f /tmp/nginx.yaml',
      words: ['deployment.apps "nginx" deleted', 'service "nginx-svc" deleted'],
      forgetsPods: true,
    },
    {
      at: 'and with them the member objects',
      command: 'kubectl --context member1 get deploy',
      words: ['No resources found in default namespace.'],
    },
    {
      at: 'Pods and all',
      command: 'kubectl --context member1 get pods',
      words: ['No resources found in default namespace.'],
    },
  ],
};

export const beyond: readonly Case[] = [abort, byHand, withoutTheFlag];
