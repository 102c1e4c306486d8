import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ResourceInterpreterCustomizationKind } from '#apis/config/customization.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { type Answered, clientOf, flotilla, folder } from '../served.cases.ts';

const customization = `apiVersion: config.karmada.io/v1alpha1
kind: ResourceInterpreterCustomization
metadata:
  name: workload
spec:
  target:
    apiVersion: example.io/v1
    kind: Workload
  customizations:
    replicaResource:
      luaScript: |
        local kube = require("kube")
        -- what one replica needs is what its Pod says
        function GetReplicas(obj)
          return obj.spec.replicas, kube.accuratePodRequirements(obj.spec.template)
        end
    replicaRevision:
      luaScript: |
        function ReviseReplica(obj, n)
          obj.spec.replicas = n
          return obj
        end
    retention:
      luaScript: |
        function Retain(desired, observed)
          desired.spec.paused = observed.spec.paused
          return desired
        end
    statusReflection:
      luaScript: |
        function ReflectStatus(obj)
          return { ready = obj.status.ready }
        end
    statusAggregation:
      luaScript: |
        function AggregateStatus(obj, items)
          local ready = 0
          for i = 1, #items do
            print(items[i].clusterName)
            ready = ready + items[i].status.ready
          end
          obj.status = { ready = ready }
          return obj
        end
    healthInterpretation:
      luaScript: |
        function InterpretHealth(obj)
          return obj.status.ready == obj.spec.replicas
        end
    dependencyInterpretation:
      luaScript: |
        function GetDependencies(obj)
          return { { apiVersion = "v1", kind = "Secret", namespace = obj.metadata.namespace, name = "token" } }
        end
    componentResource:
      luaScript: |
        function GetComponents(obj)
          return { { name = "main", replicas = obj.spec.replicas } }
        end
`;

const object = `apiVersion: example.io/v1
kind: Workload
metadata:
  name: web
  namespace: default
spec:
  paused: true
  replicas: 3
  template:
    spec:
      containers:
      - image: nginx
        name: main
        resources:
          requests:
            cpu: 100m
status:
  ready: 2
`;

const files = {
  customization,
  desired: object,
  observed: object.replace('paused: true', 'paused: false'),
  status: 'clusterName: member1\nstatus: {ready: 2}\n---\nclusterName: member2\nstatus: {ready: 3}\n',
  broken: customization.replace('return obj.status.ready ==', 'return obj.status.ready == =='),
  unnamed: customization.replace('function Retain', 'function Retian'),
  other: object.replace('kind: Workload', 'kind: Other'),
  job: 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n',
  nothing: 'clusterName: ""\n',
};
type Name = keyof typeof files;
const path = (name: string) => join(folder, `${name}.yaml`);

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
});

/** File names stand for their paths. */
const interpret = (words: string, environment: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  flotilla(`interpret ${words.replaceAll(/@(\w+)/g, (_, name: Name) => path(name))}`, {
    program: 'flotilla',
    environment,
  });

describe('interpret --operation', () => {
  it.each<[string, string]>([
    [
      'InterpretReplica --desired-file @desired',
      '---\n# [1/2] replica:\n3\n---\n# [2/2] requires:\nresourceRequest:\n  cpu: 100m\n',
    ],
    ['interpretreplica --observed-file @desired', '---\n# [1/2] replica:\n3\n---\n# [2/2] requires:\n'],
    [
      'ReviseReplica --desired-file @desired --desired-replica 7',
      `---\n# [1/1] revised:\n${object.replace('replicas: 3', 'replicas: 7')}`,
    ],
    ['Retain --desired-file @desired --observed-file @observed', `---\n# [1/1] retained:\n${files.observed}`],
    ['InterpretStatus --observed-file @observed', '---\n# [1/1] status:\nready: 2\n'],
    ['InterpretHealth --observed-file @observed', '---\n# [1/1] healthy:\nfalse\n'],
    [
      'InterpretDependency --desired-file @desired',
      '---\n# [1/1] dependencies:\n- apiVersion: v1\n  kind: Secret\n  name: token\n  namespace: default\n',
    ],
    ['InterpretComponent --desired-file @desired', '---\n# [1/1] components:\n- name: main\n  replicas: 3\n'],
    ['InterpretHealth --observed-file @observed -o json', '{\n    "healthy": false\n}\n'],
  ])('%s', async (words, printed) => {
    const answered = await interpret(`-f @customization --operation ${words}`);
    expect(answered).toMatchObject({ code: 0, stderr: '' });
    expect(answered.stdout.startsWith(printed)).toBe(true);
    const parts = /\[\d\/(\d)\]/.exec(printed)?.[1] ?? '1';
    expect(answered.stdout.split('---\n')).toHaveLength(words.endsWith('json') ? 1 : Number(parts) + 1);
  });

  it('AggregateStatus, with what the script prints beside', async () => {
    const words = '-f @customization --operation aggregateStatus --observed-file @observed --status-file @status';
    expect(await interpret(words)).toEqual({
      code: 0,
      stdout: `---\n# [1/1] aggregatedStatus:\n${files.observed.replace('ready: 2', 'ready: 5')}`,
      stderr: 'member1\nmember2\n',
    });
  });

  it.each<[string, string]>([
    ['-f @customization', 'error: operation is not set for executing\n'],
    [
      '-f @customization --operation Prune --desired-file @desired',
      'error: operation Prune is not supported. Use one of: Retain, InterpretReplica, InterpretComponent, ReviseReplica, InterpretStatus, AggregateStatus, InterpretHealth, InterpretDependency\n',
    ],
    [
      '-f @customization --operation Retain --observed-file @observed',
      'Execute Retain error: desired, desired-file options are not set\n',
    ],
    [
      '-f @customization --operation Retain --desired-file @desired',
      'Execute Retain error: observed, observed-file options are not set\n',
    ],
    [
      '-f @customization --operation InterpretHealth',
      'Execute InterpretHealth error: desired-file, observed-file options are not set\n',
    ],
    [
      '-f @customization --operation InterpretHealth --desired-file @desired --observed-file @observed',
      'Execute InterpretHealth error: you can not specify both desired-file and observed-file options\n',
    ],
    [
      '-f @customization --operation InterpretHealth --observed-file @other',
      'Execute InterpretHealth error: rule is not enabled: no customization given has a script of InterpretHealth for example.io/v1 Other\n',
    ],
    [
      '-f @job --operation InterpretHealth --observed-file @observed',
      'error: @job: not a ResourceInterpreterCustomization, got batch/v1, Kind=Job\n',
    ],
    [
      '-f @customization --operation AggregateStatus --observed-file @observed --status-file @nothing',
      'error: --status-file: status item 1 has no clusterName\n',
    ],
    [
      '-f @customization --operation Retain -o wide',
      'error: unable to print what an operation answers as "wide", use one of: yaml, json\n',
    ],
    [
      '--operation Retain',
      'error: must specify -f, or the name of a ResourceInterpreterCustomization of the control plane\n',
    ],
    ['-f @customization --check --edit', "error: you can't set both --check and --edit options\n"],
    [
      '-f @customization --operation Retain --desired-file missing.yaml',
      'error: the path "missing.yaml" does not exist\n',
    ],
    [
      '-f @broken --operation InterpretHealth --observed-file @observed',
      "Execute InterpretHealth error: ResourceInterpreterCustomization workload InterpretHealth line:2(column:30) near '==':   syntax error: unexpected symbol\n",
    ],
  ])('%s fails', async (words, stderr) => {
    const said = stderr.replace(/@(\w+)/, (_, name: string) => path(name));
    expect(await interpret(words)).toEqual({ code: 1, stdout: '', stderr: said });
  });
});

describe('interpret --check', () => {
  const page = (...rules: readonly string[]) =>
    `-----------------------------------\nSOURCE: workload\nTARGET: example.io/v1 Workload\nRULERS:\n${rules.join('\n')}\n`;
  const rules = [
    '    Retain:                PASS',
    '    InterpretReplica:      PASS',
    '    InterpretComponent:    PASS',
    '    ReviseReplica:         PASS',
    '    InterpretStatus:       PASS',
    '    AggregateStatus:       PASS',
    '    InterpretHealth:       PASS',
    '    InterpretDependency:   PASS',
  ];
  const changed = (at: number, text: string) => rules.map((rule, i) => (i === at ? rule.replace('PASS', text) : rule));

  it('lists targets and operations', async () => {
    expect(await interpret('-f @customization --check')).toEqual({ code: 0, stdout: page(...rules), stderr: '' });
  });

  it.each<[string, readonly string[]]>([
    ['@broken', changed(6, "ERROR: InterpretHealth line:2(column:30) near '==':   syntax error: unexpected symbol")],
    ['@unnamed', changed(0, 'ERROR: the script defines no function Retain')],
  ])('tells what is wrong with %s, and in which line', async (file, told) => {
    expect(await interpret(`-f ${file} --check`)).toEqual({ code: 1, stdout: page(...told), stderr: '' });
  });

  it('tells what is no customization, and goes on', async () => {
    const { code, stdout } = await interpret('-f @job -f @customization --check');
    expect(code).toBe(1);
    expect(stdout).toBe(
      `-----------------------------------\nSOURCE: a\nnot a ResourceInterpreterCustomization, got batch/v1, Kind=Job\n${page(...rules)}`,
    );
  });
});

describe('interpret --edit', () => {
  const stored = () => clientOf('karmada-apiserver').resource(ResourceInterpreterCustomizationKind);
  const copy = join(folder, 'copy.lua');
  /** What an edit that failed has kept. */
  const forget = ({ stderr }: Answered) => {
    const kept = /stored to "(.*)"/.exec(stderr);
    if (kept) rmSync(kept[1]!);
  };
  /** Each line of it is run on the file. */
  const editor = (...lines: readonly string[]) => {
    const script = join(folder, 'editor.sh');
    writeFileSync(script, `cp "$1" ${copy}\n${lines.join('\n')}\n`);
    return { EDITOR: `sh ${script}` };
  };

  it('shows the scripts under their rules, and what each is for', async () => {
    const answered = await interpret('-f @customization --edit --show-doc', editor());
    expect(answered).toEqual({ code: 0, stdout: '', stderr: 'Edit cancelled, no changes made.\n' });
    const shown = readFileSync(copy, 'utf8');
    expect(shown).toMatch(/^--# Please edit the customization below\./);
    expect(shown).toContain(
      '---@name: workload\n---@apiVersion: example.io/v1\n---@kind: Workload\n---@rule: Retain\n--# What a',
    );
    expect(shown).toContain('\n-- what one replica needs is what its Pod says\nfunction GetReplicas(obj)\n');
  });

  it('writes a file back, comments and all', async () => {
    writeFileSync(path('own'), customization);
    const answered = await interpret('-f @own --edit', editor('sed -i s/obj.status.ready/obj.status.alive/ "$1"'));
    expect(answered).toEqual({
      code: 0,
      stdout: 'resourceinterpretercustomization.config.karmada.io/workload edited\n',
      stderr: '',
    });
    const wanted = customization.replaceAll('obj.status.ready', 'obj.status.alive');
    expect(parseYaml(readFileSync(path('own'), 'utf8'))).toEqual(parseYaml(wanted));
  });

  it('opens again with what is wrong on top, until it is right', async () => {
    writeFileSync(path('own'), customization);
    const words = '-f @own --edit';
    const answered = await interpret(
      words,
      editor(
        'if grep -q "InterpretHealth: InterpretHealth line:2" "$1"; then sed -i "s/return ==/return true/" "$1"; ' +
          'else sed -i "s/return obj.status.ready ==.*/return ==/" "$1"; fi',
      ),
    );
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('workload edited\n') });
    expect(readFileSync(copy, 'utf8')).toContain("--# InterpretHealth: InterpretHealth line:2(column:10) near '=='");
    expect(readFileSync(path('own'), 'utf8')).toContain('return true');
  });

  it('gives up where nothing better comes, and keeps what was written', async () => {
    const answered = await interpret('-f @customization --edit', editor('sed -i "s/---@kind: .*/---@kind:/" "$1"'));
    expect(answered).toMatchObject({ code: 1, stdout: '' });
    const [, kept] =
      /^A copy of your changes has been stored to "(.*)"\nerror: Edit cancelled, no valid changes were saved\.\n$/.exec(
        answered.stderr,
      )!;
    expect(readFileSync(kept!, 'utf8')).toContain('--# kind: Required value');
    rmSync(kept!);
  });

  it.each<[string, string, string]>([
    ['an empty file', ': > "$1"', 'Edit cancelled, saved file was empty.\n'],
    ['an editor that fails', 'exit 3', ' it ended with 3\n'],
  ])('ends with %s', async (_, line, stderr) => {
    const answered = await interpret('-f @customization --edit', editor(line));
    expect(answered.stderr).toContain(stderr);
    forget(answered);
    expect(readFileSync(path('customization'), 'utf8')).toBe(customization);
  });

  it('makes a new file', async () => {
    const fill = editor(
      'sed -i "s/---@name:/---@name: fresh/; s/---@apiVersion:/---@apiVersion: v1/; s/---@kind:/---@kind: Thing/" "$1"',
      'echo "function GetDependencies(o) return {} end" >> "$1"',
    );
    expect(await interpret('-f @fresh --edit', fill)).toMatchObject({ code: 0, stderr: '' });
    expect(parseYaml(readFileSync(path('fresh'), 'utf8'))).toEqual({
      apiVersion: 'config.karmada.io/v1alpha1',
      kind: 'ResourceInterpreterCustomization',
      metadata: { name: 'fresh' },
      spec: {
        target: { apiVersion: 'v1', kind: 'Thing' },
        customizations: { dependencyInterpretation: { luaScript: 'function GetDependencies(o) return {} end\n' } },
      },
    });
  });

  it('changes one of the control plane, which is checked and tried there too', async () => {
    expect(await flotilla(`apply -f ${path('customization')}`, { program: 'flotilla' })).toMatchObject({ code: 0 });
    expect(await interpret('workload --check')).toMatchObject({ code: 0 });
    const answered = await interpret(
      'workload --edit',
      editor('sed -i "s/desired.spec.paused =.*/desired.spec.paused = false/" "$1"'),
    );
    expect(answered).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.stringify(await stored().get({ name: 'workload' }))).toContain('desired.spec.paused = false');
    const retained = await interpret('workload --operation Retain --desired-file @desired --observed-file @desired');
    expect(retained.stdout).toContain('paused: false');
    expect(await interpret('missing --check')).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): resourceinterpretercustomizations.config.karmada.io "missing" not found\n',
    });
    const unset = await interpret('workload --edit', editor('sed -i "/---@rule: Retain/,/---@rule/{/---@/!d}" "$1"'));
    expect(unset).toMatchObject({ code: 0, stderr: '' });
    expect((await stored().get({ name: 'workload' })).spec.customizations).not.toHaveProperty('retention');
    const renamed = await interpret('workload --edit', editor('sed -i "s/---@name:.*/---@name: other/" "$1"'));
    expect(renamed.code).toBe(1);
    expect(readFileSync(copy, 'utf8')).toContain('--# name: must stay workload');
    forget(renamed);
  });
});
