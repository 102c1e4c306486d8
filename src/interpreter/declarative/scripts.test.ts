import { describe, expect, it } from 'vitest';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { interpreterFromScripts, type Scripts } from './scripts.ts';

const workload: UnstructuredObject = {
  apiVersion: 'example.io/v1',
  kind: 'Workload',
  metadata: { namespace: 'default', name: 'web' },
  spec: { replicas: 3, paused: true, hosts: [], limits: {} },
  status: { ready: 2 },
};
const items = [
  { clusterName: 'member1', status: { ready: 1 } },
  { clusterName: 'member2', status: { ready: 4 } },
];

const fields = {
  getReplicas: ['replicaResource', 'GetReplicas'],
  getComponents: ['componentResource', 'GetComponents'],
  reviseReplica: ['replicaRevision', 'ReviseReplica'],
  retain: ['retention', 'Retain'],
  reflectStatus: ['statusReflection', 'ReflectStatus'],
  interpretHealth: ['healthInterpretation', 'InterpretHealth'],
  aggregateStatus: ['statusAggregation', 'AggregateStatus'],
  getDependencies: ['dependencyInterpretation', 'GetDependencies'],
} as const;
type Call = keyof typeof fields;

const scriptsOf = (call: Call, body: string): Scripts => {
  const [field, name] = fields[call];
  return { [field]: { luaScript: `function ${name}(obj, other)\n${body}\nend` } };
};

const others: Partial<Record<Call, unknown>> = {
  reviseReplica: 2,
  retain: { ...workload, spec: { replicas: 9 } },
  aggregateStatus: items,
};

async function run(call: Call, body: string): Promise<unknown> {
  const interpreter = interpreterFromScripts(scriptsOf(call, body), 'customization a');
  const answer = interpreter[call] as (object: UnstructuredObject, other: unknown) => Promise<unknown>;
  return answer(workload, others[call]);
}

const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'a' };
const service = { apiVersion: 'v1', kind: 'Service', labelSelector: { matchLabels: { app: 'web' } } };

describe('what a script tells', () => {
  it.each<[Call, string, unknown]>([
    ['getReplicas', 'return obj.spec.replicas', { replicas: 3 }],
    ['getReplicas', 'return 0, nil', { replicas: 0 }],
    ['getReplicas', 'return 7 / 2', { replicas: 3 }],
    ['getReplicas', 'return 1, {}', { replicas: 1, requirements: {} }],
    [
      'getReplicas',
      'return 1, { resourceRequest = { cpu = "1", memory = 5 }, nodeClaim = { nodeSelector = {}, tolerations = {} }, own = 1 }',
      {
        replicas: 1,
        // Whether a table that is new and empty is a list or an object nobody knows: it is left out.
        requirements: { resourceRequest: { cpu: '1', memory: 5 }, nodeClaim: {} },
      },
    ],
    ['getComponents', 'return {}', []],
    [
      'getComponents',
      'return { { name = "a", replicas = 2, replicaRequirements = { resourceRequest = { cpu = "1" } } } }',
      [{ name: 'a', replicas: 2, replicaRequirements: { resourceRequest: { cpu: '1' } } }],
    ],
    [
      'reviseReplica',
      'obj.spec.replicas = other\nreturn obj',
      { ...workload, spec: { ...(workload.spec as object), replicas: 2 } },
    ],
    [
      'retain',
      'obj.spec.replicas = other.spec.replicas\nreturn obj',
      { ...workload, spec: { ...(workload.spec as object), replicas: 9 } },
    ],
    ['reflectStatus', 'return obj.status', { ready: 2 }],
    ['reflectStatus', 'return {}', {}],
    ['interpretHealth', 'return obj.status.ready == 2', 'Healthy'],
    ['interpretHealth', 'return false', 'Unhealthy'],
    [
      'aggregateStatus',
      'local sum = 0\nfor i = 1, #other do sum = sum + other[i].status.ready end\nobj.status = { ready = sum }\nreturn obj',
      { ready: 5 },
    ],
    ['aggregateStatus', 'obj.status = nil\nreturn obj', {}],
    ['getDependencies', 'return {}', []],
    [
      'getDependencies',
      `local secret = { apiVersion = "v1", kind = "Secret", namespace = "default", name = "a" }
       return { { apiVersion = "v1", kind = "Service", labelSelector = { matchLabels = { app = "web" } } }, secret, secret }`,
      [secret, service],
    ],
  ])('%s: %s', async (call, body, expected) => {
    expect(await run(call, body)).toEqual(expected);
  });

  it.each<[Call, string, unknown]>([
    ['reviseReplica', 'return obj', workload],
    ['retain', 'return obj', workload],
    ['aggregateStatus', 'obj.status = { ready = 2 }\nreturn obj', workload.status],
  ])('%s is the same reference where nothing changed', async (call, body, expected) => {
    expect(await run(call, body)).toBe(expected);
  });

  it('keeps empty lists and objects what they were', async () => {
    const revised = (await run('reviseReplica', 'obj.spec.replicas = other\nreturn obj')) as UnstructuredObject;
    expect(revised.spec).toEqual({ replicas: 2, paused: true, hosts: [], limits: {} });
  });

  it('is what it defines and nothing else', () => {
    const interpreter = interpreterFromScripts(
      { ...scriptsOf('retain', 'return obj'), healthInterpretation: { luaScript: '' } },
      'a',
    );
    expect(Object.keys(interpreter)).toEqual(['retain']);
  });
});

describe('an answer that is none', () => {
  it.each<[Call, string, string]>([
    ['getReplicas', 'return "3"', 'replicas must be a number, and is a string'],
    ['getReplicas', '', 'replicas must be a number, and is nothing'],
    ['getReplicas', 'return -1', 'replicas must be between 0 and 2147483647, and are -1'],
    ['getReplicas', 'return 2147483648', 'replicas must be between 0 and 2147483647, and are 2147483648'],
    ['getReplicas', 'return 1, "x"', 'requirements must be an object or nothing, and is a string'],
    [
      'getReplicas',
      'return 1, { nodeClaim = { tolerations = { key = "a" } } }',
      'requirements.nodeClaim.tolerations: Invalid value: "object"',
    ],
    [
      'getReplicas',
      'return 1, { resourceRequest = { cpu = "much" } }',
      'requirements.resourceRequest.cpu: Invalid value',
    ],
    [
      'getComponents',
      'return 3',
      'components must be a list of {name, replicas, replicaRequirements}, and is a number',
    ],
    ['getComponents', 'return { { replicas = 1 } }', 'components[0].name: Required value'],
    ['getComponents', 'return { { name = "a" } }', 'components[0].replicas: Required value'],
    ['getComponents', 'return { { name = "a", replicas = -1 } }', 'components[0].replicas must be between 0 and'],
    ['getComponents', 'return { a = 1 }', 'components: Invalid value: "object"'],
    ['reviseReplica', 'return 3', 'the answer must be the whole object, and is a number'],
    ['reviseReplica', 'obj.kind = "Other" return obj', 'kind of the object must stay Workload'],
    ['reviseReplica', 'obj.metadata.name = nil return obj', 'metadata.name of the object must stay web'],
    ['retain', '', 'the answer must be the whole object, and is nothing'],
    ['retain', 'obj.metadata.namespace = "other" return obj', 'metadata.namespace of the object must stay default'],
    ['reflectStatus', '', 'status must be an object, and is nothing'],
    ['reflectStatus', 'return "x"', 'status must be an object, and is a string'],
    ['reflectStatus', 'return { 1 }', 'status must be an object, and is a list'],
    ['interpretHealth', '', 'health must be true or false, and is nothing'],
    ['interpretHealth', 'return 1', 'health must be true or false, and is a number'],
    ['aggregateStatus', 'return { ready = 1 }', 'apiVersion of the object must stay example.io/v1'],
    ['aggregateStatus', 'obj.status = 3 return obj', 'status must be an object, and is a number'],
    ['getDependencies', '', 'dependencies must be a list of {apiVersion, kind, namespace, name or labelSelector}'],
    [
      'getDependencies',
      'local t = {} for i = 1, 5001 do t[i] = "x" end return t',
      'dependencies must be 5000 at most, and are 5001',
    ],
    ['getDependencies', 'return { { kind = "Secret", name = "a" } }', 'dependencies[0].apiVersion: Required value'],
    [
      'getDependencies',
      'return { { apiVersion = "v1", kind = "", name = "a" } }',
      'dependencies[0].kind: missing required kind',
    ],
    [
      'getDependencies',
      'return { { apiVersion = "v1", kind = "Secret" } }',
      'dependencies[0]: dependency can not leave name and labelSelector all empty',
    ],
    [
      'getDependencies',
      'return { { apiVersion = "v1", kind = "Secret", labelSelector = { matchExpressions = { { key = "a", operator = "Near" } } } } }',
      'dependencies[0].labelSelector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
    ],
  ])('%s: %s', async (call, body, why) => {
    const [, name] = fields[call];
    await expect(run(call, body)).rejects.toThrow(`customization a ${name}: ${why}`);
  });
});

describe('a script that fails', () => {
  it.each<[string, string, RegExp]>([
    ['throws', '\nerror("no luck")', /^customization a InterpretHealth:3: no luck$/],
    ['reads what is not there', 'return obj.a.b', /^customization a InterpretHealth:2: attempt to index/],
    ['never ends', 'while true do end', /^customization a InterpretHealth:\d+: .*instructions/],
    ['calls itself for ever', 'return InterpretHealth(obj) + 1', /^customization a InterpretHealth:2: .*(stack|depth)/],
    [
      'takes all memory',
      'return string.rep("x", 100 * 1024 * 1024) == ""',
      /^customization a InterpretHealth:\d+: .*used up its/,
    ],
    ['hides its failures', 'while true do pcall(function() while true do end end) end', /instructions/],
    ['asks for the machine', 'return os.execute("true")', /attempt to call/],
    ['is no Lua', 'return ==', /^customization a InterpretHealth line:2\(column:8\) near '=='/],
  ])('%s', async (_, body, why) => {
    const message = await run('interpretHealth', body).catch((error: Error) => error.message);
    expect(message).toMatch(why);
  });

  it('may use more the more clusters it aggregates', async () => {
    const body = 'for i = 1, #other do for j = 1, 100 do obj.n = i * j end end obj.n = nil return obj';
    const interpreter = interpreterFromScripts(scriptsOf('aggregateStatus', body), 'a');
    const clusters = (count: number) => Array.from({ length: count }, (_, i) => ({ clusterName: `member${i}` }));
    expect(await interpreter.aggregateStatus!(workload, clusters(1_000))).toBe(workload.status);
    const few = interpreterFromScripts(
      scriptsOf('aggregateStatus', 'for i = 1, 1000 do for j = 1, 100 do obj.n = i * j end end return obj'),
      'a',
    );
    await expect(few.aggregateStatus!(workload, clusters(10))).rejects.toThrow('used up its instructions');
  });

  it('without the function says so', async () => {
    const interpreter = interpreterFromScripts({ retention: { luaScript: 'x = 1' } }, 'customization a');
    await expect(interpreter.retain!(workload, workload) as Promise<unknown>).rejects.toThrow(
      'customization a Retain: not found function Retain',
    );
  });

  it('leaves nothing behind for the next call', async () => {
    const interpreter = interpreterFromScripts(
      scriptsOf('getReplicas', 'count = (count or 0) + 1\nobj.spec.replicas = 99\nreturn count'),
      'a',
    );
    for (let i = 0; i < 2; i++) expect(await interpreter.getReplicas!(workload)).toEqual({ replicas: 1 });
    expect(workload.spec).toMatchObject({ replicas: 3 });
  });
});

it('gives a script that was stopped a rest, whoever asks', async () => {
  let time = 5_000;
  let runs = 0;
  const stopped = Object.assign(new Error('used up'), { stopped: true });
  const engine = async () => ({
    compile: () => ({
      call: (): readonly JsonValue[] => {
        runs += 1;
        if (runs % 2 === 1) throw stopped;
        return [true];
      },
      defines: () => true,
    }),
  });
  const interpreter = interpreterFromScripts(scriptsOf('interpretHealth', ''), 'a', { engine, now: () => time });
  const ask = async () => interpreter.interpretHealth!(workload);
  for (let i = 0; i < 3; i++) await expect(ask()).rejects.toThrow('a InterpretHealth: used up');
  expect(runs).toBe(1);
  time += 1_000;
  expect(await ask()).toBe('Healthy');
  await expect(ask()).rejects.toThrow('used up');
  time -= 3_600_000;
  expect(await ask()).toBe('Healthy');
});

it('compiles a script at its first call, and once', async () => {
  const compiled: string[] = [];
  const engine = async () => ({
    compile: (source: string, chunkName: string) => {
      compiled.push(chunkName);
      return { call: (): readonly JsonValue[] => [source.length > 0], defines: () => true };
    },
  });
  const interpreter: KindInterpreter = interpreterFromScripts(scriptsOf('interpretHealth', ''), 'a', { engine });
  expect(compiled).toEqual([]);
  for (let i = 0; i < 3; i++) expect(await interpreter.interpretHealth!(workload)).toBe('Healthy');
  expect(compiled).toEqual(['a InterpretHealth']);
});
