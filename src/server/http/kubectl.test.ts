import { beforeEach, describe, expect, it } from 'vitest';
import { following, kubectl, needsKubectl, printed } from './kubectl.cases.ts';

beforeEach(needsKubectl);

const columns = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd().split(/ {2,}/));

const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

const deployment = (image: string, replicas = 1) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
  },
});

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.size' }],
      },
    ],
  },
};

const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, size: 3 };

describe('kubectl discovers', () => {
  it('the version', async () => {
    const { serverVersion } = JSON.parse(await printed('version -o json')) as { serverVersion: Record<string, string> };
    expect(serverVersion).toMatchObject({ major: '1', minor: '35', gitVersion: 'v1.35.3', platform: 'linux/amd64' });
  });

  it('versions and resources', async () => {
    const versions = (await printed('api-versions')).trim().split('\n');
    expect(versions).toContain('apps/v1');
    expect(versions).toContain('v1');
    const resources = columns(await printed('api-resources'));
    expect(resources[0]).toEqual(['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']);
    expect(resources).toContainEqual(['deployments', 'deploy', 'apps/v1', 'true', 'Deployment']);
    expect(await printed('api-resources --categories=all -o name')).toContain('deployments.apps\n');
  });

  it('what fields mean', async () => {
    expect(await printed('explain deployment.spec')).toMatch(
      /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: spec <DeploymentSpec>/,
    );
    expect((await kubectl('explain deployment.nothing')).stderr).toContain('field "nothing" does not exist');
  });

  it('custom resources as soon as they are defined', async () => {
    await printed('apply -f -', { input: widgets });
    expect(await printed('apply -f -', { input: widget })).toBe('widget.example.com/w created\n');
    expect(columns(await printed('get wd'))).toEqual([
      ['NAME', 'SIZE'],
      ['w', '3'],
    ]);
    const refused = await kubectl('replace -f -', { input: { ...widget, size: 'big' } });
    expect(refused.stderr).toContain('size: Invalid value: "string"');
    const unknown = await kubectl('replace -f -', { input: { ...widget, colour: 'red' } });
    expect(unknown.stderr).toContain('unknown field "colour"');
    await printed('delete crd widgets.example.com');
    expect((await kubectl('get widgets')).stderr).toContain('the server could not find the requested resource');
  });

  // OpenAPI offers strategic merge patches for custom resources, which take none: kubectl then sends one (kube/openapi).
  it('custom resources applied again', async () => {
    const definition = {
      ...widgets,
      metadata: { name: 'gadgets.example.org' },
      spec: {
        ...widgets.spec,
        group: 'example.org',
        names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
      },
    };
    const gadget = { ...widget, apiVersion: 'example.org/v1', kind: 'Gadget' };
    await printed('apply -f -', { input: definition });
    await printed('apply -f -', { input: gadget });
    expect(await printed('apply -f -', { input: { ...gadget, size: 4 } })).toBe('gadget.example.org/w configured\n');
  });

  it('health', async () => {
    expect(await printed('get --raw /readyz?verbose')).toMatch(
      /^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd ok\n[^-]+[\s\S]+\[\+\]shutdown ok\nreadyz check passed\n$/,
    );
    expect(await printed('get --raw /livez/poststarthook/rbac/bootstrap-roles')).toBe('ok');
    expect((await kubectl('get --raw /nowhere')).stderr).toContain('the server could not find the requested resource');
  });
});

describe('kubectl keeps objects', () => {
  it('from create to delete', async () => {
    expect(await printed('create -f -', { input: configMap('a', { x: 'y' }) })).toBe('configmap/a created\n');
    expect((await kubectl('create -f -', { input: configMap('a', {}) })).stderr).toContain(
      'configmaps "a" already exists',
    );
    expect(columns(await printed('get cm a'))[0]).toEqual(['NAME', 'DATA', 'AGE']);
    expect(columns(await printed('get cm a'))[1]!.slice(0, 2)).toEqual(['a', '1']);
    expect(await printed('get cm a -o jsonpath={.data.x}')).toBe('y');
    expect(await printed('get cm a -o yaml')).toMatch(/^apiVersion: v1\ndata:\n {2}x: "y"\nkind: ConfigMap\n/);
    expect(await printed(['patch', 'cm', 'a', '-p', '{"data":{"z":"1"}}'])).toBe('configmap/a patched\n');
    expect(await printed(['patch', 'cm', 'a', '--type=json', '-p', '[{"op":"remove","path":"/data/x"}]'])).toBe(
      'configmap/a patched\n',
    );
    expect(await printed(['patch', 'cm', 'a', '--type=merge', '-p', '{"data":{"m":"2"}}'])).toBe(
      'configmap/a patched\n',
    );
    expect(JSON.parse(await printed('get cm a -o jsonpath={.data}'))).toEqual({ z: '1', m: '2' });
    expect(await printed('label cm a tier=web')).toBe('configmap/a labeled\n');
    expect(await printed('get cm -l tier=web -o name')).toBe('configmap/a\n');
    expect(await printed('get cm -l tier=db -o name')).toBe('');
    expect(await printed('delete cm a')).toBe('configmap "a" deleted\n');
    expect((await kubectl('get cm a')).stderr).toBe('Error from server (NotFound): configmaps "a" not found\n');
  });

  it('by apply, on either side', async () => {
    expect(await printed('apply -f -', { input: deployment('nginx:1') })).toBe('deployment.apps/web created\n');
    expect(await printed('apply -f -', { input: deployment('nginx:2', 3) })).toBe('deployment.apps/web configured\n');
    expect(await printed('apply -f -', { input: deployment('nginx:2', 3) })).toBe('deployment.apps/web unchanged\n');
    expect(await printed('get deploy web -o jsonpath={.spec.replicas}{.metadata.generation}')).toBe('32');
    expect(await printed('scale deploy web --replicas=5')).toBe('deployment.apps/web scaled\n');
    expect(await printed('set image deploy/web c=nginx:3')).toBe('deployment.apps/web image updated\n');
    const conflict = await kubectl('apply --server-side --field-manager=other -f -', { input: deployment('nginx:9') });
    expect(conflict.stderr).toContain('Apply failed with');
    expect(await printed('apply --server-side --force-conflicts -f -', { input: deployment('nginx:4') })).toBe(
      'deployment.apps/web serverside-applied\n',
    );
    expect(await printed(['get', 'deploy', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'])).toBe(
      'nginx:4',
    );
    const wide = columns(await printed('get deploy -o wide'));
    expect(wide[0]).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE', 'CONTAINERS', 'IMAGES', 'SELECTOR']);
    expect(await printed('describe deploy web')).toMatch(/^Name: +web\nNamespace: +default\n/);
  });

  it('in namespaces of their own', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
    expect(await printed('create -f -', { input: namespace })).toBe('namespace/team created\n');
    await printed('create -n team -f -', { input: configMap('only-here', {}) });
    expect(await printed('get cm -n team -o name')).toContain('configmap/only-here\n');
    expect(await printed('get cm -o name')).not.toContain('only-here');
    const everywhere = columns(await printed('get cm -A'));
    expect(everywhere[0]).toEqual(['NAMESPACE', 'NAME', 'DATA', 'AGE']);
    expect((await kubectl('create -n nowhere -f -', { input: configMap('x', {}) })).stderr).toContain(
      'namespaces "nowhere" not found',
    );
  });

  it('and refuses what is wrong, saying what', async () => {
    const typo = { ...deployment('nginx'), spec: { ...deployment('nginx').spec, replica: 2 } };
    expect((await kubectl('apply -f -', { input: typo })).stderr).toContain('unknown field "spec.replica"');
    expect((await kubectl('apply -f -', { input: 'a: [' })).stderr).toContain('error converting YAML to JSON');
    const unnamed = { ...configMap('Not_A_Name', {}) };
    expect((await kubectl('create -f -', { input: unnamed })).stderr).toContain(
      'a lowercase RFC 1123 subdomain must consist of',
    );
  });
});

describe('kubectl watches', () => {
  it('a list and what becomes of it', async () => {
    await printed('create -f -', { input: configMap('watched', { a: 'b' }) });
    const watch = following('get cm --watch --output-watch-events --field-selector=metadata.name=watched');
    const next = async () => ((await watch.lines.next()).value as string).split(/ {2,}/).slice(0, 3);
    expect(await next()).toEqual(['EVENT', 'NAME', 'DATA']);
    expect(await next()).toEqual(['ADDED', 'watched', '1']);
    await printed(['patch', 'cm', 'watched', '-p', '{"data":{"c":"d"}}']);
    expect(await next()).toEqual(['MODIFIED', 'watched', '2']);
    await printed('delete cm watched');
    expect(await next()).toEqual(['DELETED', 'watched', '2']);
    watch.stop();
  });
});

describe('kubectl meets RBAC', () => {
  const forbidden =
    'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"';

  it('and is let in by a role', async () => {
    expect((await kubectl('get cm', { user: 'jane' })).stderr).toBe(`Error from server (Forbidden): ${forbidden}\n`);
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
    };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'readers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'dev' }],
    };
    await printed('apply -f -', { input: role });
    await printed('apply -f -', { input: binding });
    expect((await kubectl('get cm', { user: 'jane' })).code).toBe(0);
    expect((await kubectl('delete cm x', { user: 'jane' })).stderr).toContain(
      'User "jane" cannot delete resource "configmaps"',
    );
    expect((await kubectl('get cm --as=jane --as-group=dev')).code).toBe(0);
    expect((await kubectl('get cm --as=joe')).stderr).toContain('User "joe" cannot list');
    expect((await kubectl('get cm --as=joe', { user: 'jane' })).stderr).toContain(
      'User "jane" cannot impersonate resource "users"',
    );
  });

  it('and is asked by it', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'create', resource: 'nodes' } },
    };
    const allowed = async (user: 'admin' | 'jane') =>
      // Reviews cannot be patched, so kubectl would look for a definition of theirs, which jane may not.
      printed('create -f - --validate=false -o jsonpath={.status.allowed}', { user, input: review });
    expect(await allowed('admin')).toBe('true');
    expect(await allowed('jane')).toBe('false');
  });
});
