/** What kubectl makes itself goes out in protobuf. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kube/meta/object.ts';
import { kubectl, needsKubectl, printed } from './kubectl.cases.ts';

beforeEach(needsKubectl);

const read = async (what: string) => JSON.parse(await printed(`get ${what} -o json`)) as JsonObject;

const path = { pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } };

describe('kubectl creates', () => {
  it.each<[string, string, object]>([
    ['namespace team', 'namespace team', { status: { phase: 'Active' } }],
    [
      'deployment web --image=nginx --replicas=2 --port=80',
      'deployment web',
      {
        spec: {
          replicas: 2,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
          template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 80, protocol: 'TCP' }] }] } },
        },
      },
    ],
    ['configmap settings --from-literal=x=ü', 'configmap settings', { data: { x: 'ü' } }],
    [
      'secret generic key --from-literal=password=hidden',
      'secret key',
      { type: 'Opaque', data: { password: Buffer.from('hidden').toString('base64') } },
    ],
    ['job once --image=busybox -- date', 'job once', { spec: { template: { spec: { restartPolicy: 'Never' } } } }],
    [
      'cronjob often --image=busybox --schedule=*/5_*_*_*_* -- date',
      'cronjob often',
      {
        spec: {
          schedule: '*/5 * * * *',
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure' } } } },
        },
      },
    ],
    [
      'role reader --verb=get,list --resource=pods,deployments.apps',
      'role reader',
      {
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
          { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
        ],
      },
    ],
    [
      'rolebinding readers --role=reader --user=jane --serviceaccount=default:robot',
      'rolebinding readers',
      { roleRef: { kind: 'Role', name: 'reader' }, subjects: [{ kind: 'User', name: 'jane' }, { name: 'robot' }] },
    ],
    ['clusterrole seer --verb=get --resource=nodes', 'clusterrole seer', { rules: [{ resources: ['nodes'] }] }],
    [
      'clusterrolebinding seers --clusterrole=seer --group=dev',
      'clusterrolebinding seers',
      { subjects: [{ name: 'dev' }] },
    ],
    [
      'ingress front --rule=example.com/*=web:80',
      'ingress front',
      { spec: { rules: [{ host: 'example.com', http: { paths: [path] } }] } },
    ],
    [
      'quota most --hard=pods=10,requests.cpu=1500m',
      'quota most',
      { spec: { hard: { pods: '10', 'requests.cpu': '1500m' } } },
    ],
    ['serviceaccount robot', 'serviceaccount robot', {}],
    ['poddisruptionbudget calm --selector=app=web --min-available=50%', 'pdb calm', { spec: { minAvailable: '50%' } }],
    ['priorityclass high --value=100', 'priorityclass high', { value: 100 }],
    ['service clusterip inner --tcp=80:8080', 'service inner', { spec: { ports: [{ port: 80, targetPort: 8080 }] } }],
  ])('%s', async (words, name, expected) => {
    await printed(['create', ...words.split(' ').map((word) => word.replaceAll('_', ' '))]);
    expect(await read(name)).toMatchObject(expected);
  });

  it('what is there already, and hears so', async () => {
    await printed('create configmap twice');
    expect((await kubectl('create configmap twice')).stderr).toBe(
      'error: failed to create configmap: configmaps "twice" already exists\n',
    );
  });

  it('nothing that is wrong', async () => {
    const refused = await kubectl('create configmap Not_A_Name');
    expect(refused.stderr).toContain('a lowercase RFC 1123 subdomain must consist of');
  });

  it('fields that are its own', async () => {
    await printed('create deployment owned --image=nginx --replicas=2');
    const { metadata } = (await read('deployment owned --show-managed-fields')) as unknown as {
      metadata: { managedFields: readonly { readonly fieldsV1: JsonObject }[] };
    };
    const [entry] = metadata.managedFields;
    expect(entry).toMatchObject({ manager: 'kubectl-create', operation: 'Update' });
    expect(entry!.fieldsV1).toMatchObject({ 'f:spec': { 'f:replicas': {}, 'f:strategy': {}, 'f:selector': {} } });
    expect(Object.keys(entry!.fieldsV1)).toEqual(['f:metadata', 'f:spec']);
  });
});

describe('kubectl asks', () => {
  it('what somebody may do', async () => {
    expect((await kubectl('auth can-i create nodes')).stdout).toBe('yes\n');
    expect((await kubectl('auth can-i create nodes', { user: 'jane' })).stdout).toBe('no\n');
    expect(await printed('auth can-i --list', { user: 'jane' })).toContain(
      'selfsubjectaccessreviews.authorization.k8s.io',
    );
  });

  it('who somebody is', async () => {
    expect(await printed('auth whoami -o jsonpath={.status.userInfo.username}', { user: 'jane' })).toBe('jane');
  });
});

describe('kubectl works on what is there', () => {
  it('runs a Pod', async () => {
    expect(await printed('run one --image=nginx --env=A=b --labels=app=one')).toBe('pod/one created\n');
    expect(await read('pod one')).toMatchObject({ spec: { containers: [{ env: [{ name: 'A', value: 'b' }] }] } });
  });

  it('exposes, scales and restarts', async () => {
    await printed('create deployment there --image=nginx --port=80');
    expect(await printed('expose deployment there --port=80')).toBe('service/there exposed\n');
    expect(await read('service there')).toMatchObject({ spec: { selector: { app: 'there' } } });
    expect(await printed('scale deployment there --replicas=4')).toBe('deployment.apps/there scaled\n');
    expect(await printed('autoscale deployment there --min=2 --max=5 --cpu-percent=80')).toContain('there autoscaled');
    expect(await read('deployment there')).toMatchObject({ spec: { replicas: 4 } });
    expect(await read('hpa there')).toMatchObject({ spec: { minReplicas: 2, maxReplicas: 5 } });
    expect(await printed('set image deployment/there nginx=nginx:2')).toContain('image updated');
    expect(await printed('rollout restart deployment there')).toContain('restarted');
  });

  it('takes a token', async () => {
    await printed('create serviceaccount machine');
    expect(await printed('create token machine --duration=1h')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\s*$/);
  });
});
