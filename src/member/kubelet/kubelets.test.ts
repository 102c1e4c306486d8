import { describe, expect, it } from 'vitest';
import { type Pod, Pods } from '#apis/kubernetes/types.ts';
import { KubeletError, type LogOptions, type Nodes, type ProcessStreams } from '#kube/connect/nodes.ts';
import { startTestMember, type TestMember } from '../member.fixture.ts';

const all: LogOptions = { follow: false, previous: false, timestamps: false, stream: 'All' };

const pod = (name: string, containers: Pod['spec']['containers'], more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...more.metadata },
  spec: { containers, ...more.spec },
});

const teller = {
  name: 'teller',
  image: 'busybox',
  command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo line $i; sleep 5; done'],
};

async function running(member: TestMember, made: Pod): Promise<Pod> {
  await member.client.resource(Pods).create(made);
  await member.clock.settle();
  return stored(member, made.metadata.name!);
}

const stored = (member: TestMember, name: string) => member.client.resource(Pods).get({ namespace: 'default', name });

/** Collects while time goes on. */
function reading(nodes: Nodes, target: Parameters<Nodes['logs']>[0], options: Partial<LogOptions> = {}) {
  const gone = new AbortController();
  let text = '';
  const over = (async () => {
    for await (const bytes of nodes.logs(target, { ...all, ...options }, gone.signal))
      text += Buffer.from(bytes).toString();
  })();
  return { text: () => text, over, stop: () => gone.abort() };
}

/** All of it, in simulated time: nothing is waited for. */
async function log(
  member: TestMember,
  nodes: Nodes,
  made: Pod,
  container: string,
  options: Partial<LogOptions> = {},
): Promise<string> {
  const reader = reading(nodes, { pod: made, container }, options);
  let over = false;
  void reader.over.then(() => {
    over = true;
  });
  while (!over) await member.clock.settle();
  return reader.text();
}

describe('the log of a simulated container', () => {
  it('is what its script has printed by now, the same each time', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const made = await running(member, pod('web', [teller]));
    await member.clock.advance(12_000);
    const told = await log(member, nodes, made, 'teller');
    expect(told).toBe('line 1\nline 2\nline 3\n');
    expect(await log(member, nodes, made, 'teller')).toBe(told);
    expect(await log(member, nodes, made, 'teller', { tailLines: 1 })).toBe('line 3\n');
    expect(await log(member, nodes, made, 'teller', { tailLines: 0 })).toBe('');
    expect(await log(member, nodes, made, 'teller', { limitBytes: 9 })).toBe('line 1\nli');
    const since = Date.parse(made.status!.containerStatuses![0]!.state!.running!.startedAt!) + 4_000;
    expect(await log(member, nodes, made, 'teller', { since })).toBe('line 2\nline 3\n');
    const [first] = (await log(member, nodes, made, 'teller', { timestamps: true })).split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 1$/);
  });

  it('goes on with the clock while it is followed, until its Pod goes', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const made = await running(member, pod('web', [teller]));
    await member.clock.advance(6_000);
    const following = reading(nodes, { pod: made, container: 'teller' }, { follow: true, tailLines: 1 });
    await member.clock.settle();
    expect(following.text()).toBe('line 2\n');
    await member.clock.advance(9_500);
    expect(following.text()).toBe('line 2\nline 3\nline 4\n');
    await member.client.resource(Pods).delete({ namespace: 'default', name: 'web' }, { gracePeriodSeconds: 0 });
    await member.clock.settle();
    await following.over;
  });

  it('says what the container is, and of which run', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const annotations = { 'simulation.flotilla.io/behaviour': 'crash' };
    const made = pod('web', [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }], {
      metadata: { name: 'web', namespace: 'default', annotations },
    });
    await running(member, made);
    await member.clock.advance(15_000);
    const crashed = await stored(member, 'web');
    expect(crashed.status!.containerStatuses![0]!.restartCount).toBeGreaterThan(0);
    const previous = await log(member, nodes, crashed, 'web', { previous: true });
    expect(previous).toContain('container web of pod default/web started on member1-node');
    expect(previous).toContain('image nginx:1.27\nlistening on port 80/TCP\n');
    expect(previous).toMatch(/ended: exit code 1 \(Error\)\n$/);
  });

  it('is refused in a kubelet’s words while there is none', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const annotations = { 'simulation.flotilla.io/behaviour': 'image-missing' };
    const made = await running(
      member,
      pod('web', [teller], { metadata: { name: 'web', namespace: 'default', annotations } }),
    );
    const asking =
      (options: Partial<LogOptions> = {}) =>
      () =>
        nodes.logs({ pod: made, container: 'teller' }, { ...all, ...options }, new AbortController().signal);
    expect(asking()).toThrow(
      new KubeletError(400, 'container "teller" in pod "web" is waiting to start: trying and failing to pull image'),
    );
    expect(asking({ previous: true })).toThrow('previous terminated container "teller" in pod "web" not found');
    expect(() => nodes.exec({ pod: made, container: 'teller' }, ['ls'])).toThrow('container not found ("teller")');
    expect(() => nodes.portForward(made)).toThrow('pod not found ("web_default")');
  });
});

/** Runs a command; what it prints, and its code. */
async function exec(
  member: TestMember,
  nodes: Nodes,
  made: Pod,
  container: string,
  command: readonly string[],
  more: Partial<ProcessStreams> = {},
) {
  let [out, over] = ['', false];
  const running = nodes.exec(
    { pod: made, container },
    command,
  )({
    stdout: async (bytes) => {
      out += Buffer.from(bytes).toString();
      return true;
    },
    tty: false,
    onResize: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  void running.finally(() => {
    over = true;
  });
  while (!over) await member.clock.settle();
  return { out, code: await running };
}

describe('a simulated container', () => {
  it('has its environment, its volumes and what was written into it, until it is started again', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const writer = {
      name: 'web',
      image: 'nginx',
      volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
      env: [
        { name: 'GREETING', value: 'hello $(NAME)' },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      ],
    };
    const reader = { ...writer, name: 'reader', securityContext: { readOnlyRootFilesystem: true } };
    const made = await running(
      member,
      pod('web', [writer, reader], {
        spec: { containers: [writer, reader], volumes: [{ name: 'shared', emptyDir: {} }] },
      }),
    );
    expect(
      (await exec(member, nodes, made, 'web', ['sh', '-c', 'echo $GREETING $IP; echo x > /shared/f; echo y > /tmp/g']))
        .out,
    ).toBe(`hello $(NAME) ${made.status!.podIP}\n`);
    expect(
      await exec(member, nodes, made, 'reader', ['sh', '-c', 'cat /shared/f; ls /tmp; echo z > /tmp/h 2>/dev/null']),
    ).toMatchObject({
      out: 'x\n',
      code: 1,
    });
    expect((await exec(member, nodes, made, 'web', ['cat', '/tmp/g'])).out).toBe('y\n');
  });

  it('cannot be reached while its machine is off', async () => {
    const member = await startTestMember();
    const nodes = await member.member.nodes();
    const made = await running(member, pod('web', [teller]));
    member.member.faults.setNode(made.spec.nodeName!, false);
    expect(() => nodes.exec({ pod: made, container: 'teller' }, ['ls'])).toThrow(
      /^error dialing backend: dial tcp 10\.200\.\S+:10250: i\/o timeout$/,
    );
    expect(() => nodes.dialKubelet(made.spec.nodeName!)).toThrow('i/o timeout');
  });
});
