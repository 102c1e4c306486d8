import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FlagDefinition, readCommandLine } from '#world/process/flags.ts';
import { catalogue } from './catalogue/catalogue.ts';
import { flotilla, folder, kubeconfigPath, urlOf } from './served.cases.ts';

const ours = { program: 'flotilla' };

describe('the catalogue', () => {
  it('names every command once, and every flag of a command once', () => {
    const names = catalogue.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, flags } of catalogue.flatMap((command) => command.subcommands ?? [command])) {
      if (flags === 'own') continue;
      const of = (pick: (flag: FlagDefinition) => string | undefined) =>
        flags.map(pick).filter((each) => each !== undefined);
      expect(new Set(of((flag) => flag.name)).size, name).toBe(flags.length);
      expect(new Set(of((flag) => flag.short)).size, name).toBe(of((flag) => flag.short).length);
      // Defaults are readable values of their kind.
      expect(() =>
        flags.map((flag) => readCommandLine(flags, flag.default ? [`--${flag.name}=${flag.default}`] : [])),
      ).not.toThrow();
    }
  });

  const all = catalogue.flatMap((command) => command.subcommands ?? [command]);
  it.each(all.map((command) => [command.name, command] as const))('%s can be loaded', async (_name, command) => {
    expect(await command.load!()).toBeTypeOf('function');
  });
});

describe('help', () => {
  it('of a command with others below it lists those, and each has its own', async () => {
    const { code, stdout } = await flotilla('migrate --help', ours);
    expect([code, stdout]).toEqual([0, expect.stringContaining('  plan')]);
    expect((await flotilla('help migrate', ours)).stdout).toBe(stdout);
    expect((await flotilla('migrate', ours)).code).toBe(1);
    expect((await flotilla('migrate plan --help', ours)).stdout).toContain('flotilla migrate plan --from CLUSTER');
    const { stderr } = await flotilla('migrate plam', ours);
    expect(stderr).toContain('unknown command "plam" for "flotilla migrate"\n\nDid you mean this?\n\tplan');
  });

  it('lists all commands, under the name it was called by', async () => {
    const { code, stdout } = await flotilla('--help', { program: 'kubectl-karmada' });
    expect(code).toBe(0);
    for (const { name, summary } of catalogue) expect(stdout).toContain(`  ${name.padEnd(20)}${summary}`.slice(0, 12));
    expect(stdout).toContain('kubectl karmada [command] [flags]');
    expect((await flotilla('', ours)).stdout).toContain('Usage:\n  flotilla [command] [flags]');
  });

  it.each(['get --help', 'help get', 'get pods -h', '-n x get -h'])('%s', async (words) => {
    const { code, stdout } = await flotilla(words, ours);
    expect(code).toBe(0);
    expect(stdout).toContain(`    -n, --namespace='':\n        The namespace`);
    expect(stdout).toContain('    -A, --all-namespaces=false:');
    expect(stdout).toContain('Usage:\n  flotilla get (TYPE[.VERSION][.GROUP]');
  });

  it('shows a component its own flags', async () => {
    const { stdout } = await flotilla('scheduler --help', ours);
    expect(stdout).toContain(`--scheduler-name='default-scheduler':`);
  });
});

describe('a command line that is not understood', () => {
  it.each([
    ['foo', `error: unknown command "foo" for "flotilla"\n\nRun 'flotilla --help' for usage.\n`],
    [
      'gte',
      `error: unknown command "gte" for "flotilla"\n\nDid you mean this?\n\tget\n\nRun 'flotilla --help' for usage.\n`,
    ],
    ['get --foo', `error: unknown flag: --foo\nSee 'flotilla get --help' for usage.\n`],
    [
      'get --all-namespace pods',
      `error: unknown flag: --all-namespace\n\nDid you mean this?\n\t--all-namespaces\n\nSee 'flotilla get --help' for usage.\n`,
    ],
    ['--server x get', `error: unknown flag: --server\n\nSee 'flotilla --help' for usage.\n`],
    [
      '--contxt x get',
      `error: unknown flag: --contxt\n\nDid you mean this?\n\t--context\n\nSee 'flotilla --help' for usage.\n`,
    ],
    ['get -Z', `error: unknown shorthand flag: 'Z' in -Z\nSee 'flotilla get --help' for usage.\n`],
    ['get pods -n', `error: flag needs an argument: 'n' in -n\nSee 'flotilla get --help' for usage.\n`],
    ['apply', 'error: must specify -f\n'],
    ['apply -f x --prune', 'error: --prune is not supported: delete what is no longer in your files with delete\n'],
    ['apply -f x --force-conflicts', 'error: --force-conflicts only works with --server-side\n'],
    ['apply -f x --dry-run=maybe', 'error: Invalid dry-run value (maybe). Must be "none", "server", or "client".\n'],
    [
      'apply -f https://x/y.yaml',
      'error: manifests are not read from URLs: download https://x/y.yaml and give the file\n',
    ],
    ['patch deploy x', 'error: must specify -p to patch, or --patch-file, and not both\n'],
    ['patch deploy x -p {} --type=odd', 'error: --type must be one of [json merge strategic], not "odd"\n'],
    ['create deployment x', 'error: create makes what -f names, or a namespace by name; not "deployment x"\n'],
    [
      'delete pods --cascade=maybe x',
      'error: invalid cascade value (maybe). Must be "background", "foreground", or "orphan"\n',
    ],
  ])('%s', async (words, stderr) => {
    expect(await flotilla(words, ours)).toEqual({ code: 1, stdout: '', stderr });
  });
});

describe('kubeconfigs', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const unreached = `{contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x, clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}], users: [{name: u, user: {}}]}`;

  it('may be missing', async () => {
    expect((await flotilla('get pods', { environment: { KUBECONFIG: join(folder, 'none') } })).stderr).toMatch(
      /^error: no cluster is configured in .*\/none: run "flotilla up", which writes one, or give --kubeconfig\n$/,
    );
    expect((await flotilla(`get pods --kubeconfig /nope`)).stderr).toBe(
      'error: stat /nope: no such file or directory\n',
    );
  });

  it.each([
    ['a: b: c', /^error: error loading kubeconfig .*bad: it is not YAML: /],
    ['just text', /^error: error loading kubeconfig .*bad: it is not a mapping\n$/],
    ['kind: Pod', /^error: error loading kubeconfig .*bad: its kind is "Pod", not Config\n$/],
    ['{}', /^error: no cluster is configured in .*bad: run "flotilla up"/],
    ['a: [1,\nb: 2', /bad: it is not YAML: yaml: line \d: a list \[...\] or a map \{...\} is not closed/],
  ])('may be no kubeconfig: %s', async (text, stderr) => {
    expect((await flotilla(`get pods --kubeconfig ${file('bad', text)}`)).stderr).toMatch(stderr);
  });

  it('may have no such context', async () => {
    expect((await flotilla('get pods --context x')).stderr).toBe(
      'error: no context exists with the name: "x"; there are: karmada-apiserver, member1\n',
    );
  });

  it('may lead to nobody', async () => {
    const { code, stderr } = await flotilla(`get pods --kubeconfig ${file('unreached', unreached)}`);
    expect([code, stderr]).toEqual([
      1,
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
    ]);
  });

  it('may not know the certificate', async () => {
    const strange = file('strange', unreached.replace('127.0.0.1:1', new URL(urlOf('member1')).host));
    const { stderr } = await flotilla(`get pods --kubeconfig ${strange}`);
    expect(stderr).toMatch(/^Unable to connect to the server: TLS with 127\.0\.0\.1:\d+ failed: /);
  });

  it('are found in ~/.kube where nothing is said, the control plane first', async () => {
    mkdirSync(join(folder, '.kube'));
    copyFileSync(kubeconfigPath, join(folder, '.kube', 'karmada.config'));
    writeFileSync(join(folder, '.kube', 'config'), unreached);
    const answered = await flotilla('version', { environment: { KUBECONFIG: '' } });
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('Server Version: v1.35.3') });
    const asked = await flotilla('version --context x', { environment: { KUBECONFIG: '' } });
    expect(asked.stderr).toContain('127.0.0.1:1 was refused');
  });
});
