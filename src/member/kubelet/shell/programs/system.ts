/** Programs that tell about the container, and those that wait or run others. */
import { timestamp } from '#world/clock/clock.ts';
import { readArguments } from '../arguments.ts';
import { type Call, linesOf, type Program, ProgramError } from '../process.ts';

const printAll = async ({ env, stdout }: Call) => {
  for (const [name, value] of env) await stdout(`${name}=${value}\n`);
  return 0;
};

const env: Program = async (call) => {
  let rest = call.args;
  let environment: ReadonlyMap<string, string> = call.env;
  if (rest[0] === '-i' || rest[0] === '-') {
    environment = new Map();
    rest = rest.slice(1);
  }
  const own = rest.findIndex((each) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(each));
  const assigned = (own < 0 ? rest : rest.slice(0, own)).map((each) => {
    const mark = each.indexOf('=');
    return [each.slice(0, mark), each.slice(mark + 1)] as const;
  });
  environment = new Map([...environment, ...assigned]);
  return own < 0 ? printAll({ ...call, env: environment }) : call.run(rest.slice(own), environment);
};

const printenv: Program = async (call) => {
  if (call.args.length === 0) return printAll(call);
  let code = 0;
  for (const name of call.args) {
    const value = call.env.get(name);
    if (value === undefined) code = 1;
    else await call.stdout(`${value}\n`);
  }
  return code;
};

const hostname: Program = async ({ args, machine, stdout }) => {
  const address = /^[\d.]+(?=\t.*$)/m.exec(
    machine.files.read('/etc/hosts').toString('utf8').split('\n').slice(7).join('\n'),
  );
  await stdout(`${args[0] === '-i' || args[0] === '-I' ? (address?.[0] ?? '') : machine.hostname}\n`);
  return 0;
};

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

function dateText(format: string, now: number): string {
  const date = new Date(now);
  const parts: Readonly<Record<string, string>> = {
    a: days[date.getUTCDay()]!,
    b: months[date.getUTCMonth()]!,
    d: two(date.getUTCDate()),
    e: String(date.getUTCDate()).padStart(2),
    F: date.toISOString().slice(0, 10),
    H: two(date.getUTCHours()),
    m: two(date.getUTCMonth() + 1),
    M: two(date.getUTCMinutes()),
    n: '\n',
    N: `${String(date.getUTCMilliseconds()).padStart(3, '0')}000000`,
    s: String(Math.floor(now / 1_000)),
    S: two(date.getUTCSeconds()),
    T: date.toISOString().slice(11, 19),
    Y: String(date.getUTCFullYear()),
    y: two(date.getUTCFullYear() % 100),
    z: '+0000',
    Z: 'UTC',
    '%': '%',
  };
  return format.replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole);
}

const date: Program = async ({ args, machine, stdout }) => {
  const iso = args.find((each) => each.startsWith('-I'));
  const format = args.find((each) => each.startsWith('+'))?.slice(1);
  const now = machine.clock.now();
  const text = iso ? (iso === '-I' ? timestamp(now).slice(0, 10) : `${timestamp(now).slice(0, 19)}+00:00`) : undefined;
  await stdout(`${text ?? dateText(format ?? '%a %b %e %T UTC %Y', now)}\n`);
  return 0;
};

const id: Program = async ({ args, machine, stdout }) => {
  const { has } = readArguments(args, 'ugnG');
  const { name, id: user, group } = machine.user;
  const groupName = group === 0 ? 'root' : String(group);
  if (has('u')) await stdout(`${has('n') ? name : user}\n`);
  else if (has('g') || has('G')) await stdout(`${has('n') ? groupName : group}\n`);
  else await stdout(`uid=${user}(${name}) gid=${group}(${groupName}) groups=${group}(${groupName})\n`);
  return 0;
};

const whoami: Program = async ({ machine, stdout }) => {
  await stdout(`${machine.user.name}\n`);
  return 0;
};

/** As `sleep` counts: with a unit, or `infinity`. */
function sleepMs(args: readonly string[]): number {
  if (args.length === 0) throw new ProgramError('missing operand');
  return args.reduce((sum, text) => {
    if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY;
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text);
    if (!match) throw new ProgramError(`invalid number '${text}'`);
    return sum + Number(match[1]) * { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 's']!;
  }, 0);
}

/** Longer than any test or person waits: 24 days. */
const longestSleepMs = 2 ** 31 - 1;

const sleep: Program = ({ args, machine, signal }) => {
  const ms = Math.min(sleepMs(args), longestSleepMs);
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(130);
    const timer = machine.clock.after(ms, () => {
      signal.removeEventListener('abort', interrupted);
      resolve(0);
    });
    const interrupted = () => {
      timer.cancel();
      resolve(130);
    };
    signal.addEventListener('abort', interrupted, { once: true });
  });
};

const uname: Program = async ({ args, machine, stdout }) => {
  const { has } = readArguments(args, 'asnrvmpio');
  const all = has('a');
  const parts = [
    ...(all || has('s') || args.length === 0 ? ['Linux'] : []),
    ...(all || has('n') ? [machine.hostname] : []),
    ...(all || has('r') ? ['simulated'] : []),
    ...(all || has('v') ? ['#1 SMP flotilla'] : []),
    ...(all || has('m') ? ['x86_64'] : []),
    ...(all || has('o') ? ['GNU/Linux'] : []),
  ];
  await stdout(`${parts.join(' ')}\n`);
  return 0;
};

const elapsed = (ms: number) => `${Math.floor(ms / 60_000)}:${two(Math.floor(ms / 1_000) % 60)}`;

const ps: Program = async ({ machine, stdout, name, args }) => {
  const { user, command, startedAt, clock } = machine;
  await stdout('PID   USER     TIME  COMMAND\n');
  const rows = [
    [1, elapsed((clock.now() - startedAt) / 100), command] as const,
    [12, '0:00', [name, ...args].join(' ')] as const,
  ];
  for (const [pid, time, text] of rows)
    await stdout(`${String(pid).padStart(5)} ${user.name.padEnd(8)} ${time.padStart(5)} ${text}\n`);
  return 0;
};

const uptime: Program = async ({ machine, stdout }) => {
  const now = machine.clock.now();
  await stdout(
    ` ${timestamp(now).slice(11, 19)} up ${elapsed(now - machine.startedAt)},  load average: 0.00, 0.00, 0.00\n`,
  );
  return 0;
};

/** How many words `xargs` gives to one run. */
const mostWords = 5_000;

const xargs: Program = async (call) => {
  const { value, operands } = readArguments(call.args, 'rt', 'nI');
  const words: string[] = [];
  for await (const line of linesOf(call.stdin)) {
    words.push(...line.split(/\s+/).filter(Boolean));
    if (words.length > mostWords) throw new ProgramError('argument list too long');
  }
  const command = operands.length > 0 ? operands : ['echo'];
  const replaced = value('I');
  const size = replaced === undefined ? Number(value('n') ?? mostWords) || 1 : 1;
  let code = 0;
  for (let at = 0; at < words.length; at += size) {
    const own = words.slice(at, at + size);
    const run =
      replaced === undefined ? [...command, ...own] : command.map((each) => each.replaceAll(replaced, own[0]!));
    if ((await call.run(run)) !== 0) code = 123;
  }
  return code;
};

const timeout: Program = async (call) => {
  const [limit = '', ...words] = call.args[0]?.startsWith('-') ? call.args.slice(2) : call.args;
  const ms = sleepMs([limit]);
  let late = false;
  const expired = new Promise<number>((resolve) => {
    call.machine.clock.after(ms, () => {
      late = true;
      resolve(143);
    });
  });
  const code = await Promise.race([call.run(words), expired]);
  return late ? 143 : code;
};

const which: Program = async (call) => {
  let code = 0;
  for (const name of call.args) {
    if (call.machine.files.find(`/bin/${name}`)) await call.stdout(`/bin/${name}\n`);
    else code = 1;
  }
  return code;
};

const tty: Program = async ({ terminal, stdout }) => {
  await stdout(terminal ? '/dev/pts/0\n' : 'not a tty\n');
  return terminal ? 0 : 1;
};

const stty: Program = async ({ args, terminal, stdout }) => {
  if (!terminal) throw new ProgramError('standard input: Not a tty');
  const { height, width } = terminal.size();
  if (args[0] === 'size') await stdout(`${height} ${width}\n`);
  return 0;
};

const clear: Program = async ({ stdout }) => {
  await stdout('\u001b[H\u001b[J');
  return 0;
};

export const systemPrograms: Readonly<Record<string, Program>> = {
  clear,
  date,
  env,
  false: async () => 1,
  hostname,
  id,
  kill: async () => 0,
  printenv,
  ps,
  sleep,
  stty,
  sync: async () => 0,
  timeout,
  true: async () => 0,
  tty,
  uname,
  uptime,
  which,
  whoami,
  xargs,
};
