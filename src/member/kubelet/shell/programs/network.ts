/** Programs that ask other Pods: `wget` and `curl`, within the simulated network. */
import { resolvePath } from '../../container/files.ts';
import { readArguments } from '../arguments.ts';
import { type Call, type FetchAnswer, type Program, ProgramError } from '../process.ts';

const withScheme = (url: string) => (/^https?:\/\//.test(url) ? url : `http://${url}`);

async function save(call: Call, name: string | undefined, body: Buffer): Promise<void> {
  if (name === undefined || name === '-') await call.stdout(body);
  else call.machine.files.write(resolvePath(call.cwd, name), body);
}

const wget: Program = async (call) => {
  const { value, has, operands } = readArguments(
    call.args.filter((each) => !each.startsWith('--')),
    'qSc',
    'OTtU',
  );
  const [url] = operands;
  if (!url) throw new ProgramError('usage: wget [-q] [-O FILE] URL');
  const answer = await ask(call, withScheme(url), 'GET', []);
  if (answer.status >= 400)
    throw new ProgramError(`server returned error: HTTP/1.1 ${answer.status} ${answer.statusText}`);
  const name = value('O') ?? (new URL(withScheme(url)).pathname.split('/').at(-1) || 'index.html');
  await save(call, name, answer.body);
  if (!has('q')) await call.stderr(`'${name}' saved\n`);
  return 0;
};

const headerText = ({ status, statusText, headers }: FetchAnswer) => {
  const lines = Array.from({ length: headers.length / 2 }, (_, i) => `${headers[2 * i]}: ${headers[2 * i + 1]}`);
  return `${[`HTTP/1.1 ${status} ${statusText}`, ...lines].join('\r\n')}\r\n\r\n`;
};

const curl: Program = async (call) => {
  const long = new Map([
    ['--silent', '-s'],
    ['--show-error', '-S'],
    ['--insecure', '-k'],
    ['--include', '-i'],
    ['--head', '-I'],
    ['--fail', '-f'],
    ['--request', '-X'],
    ['--header', '-H'],
    ['--data', '-d'],
    ['--output', '-o'],
    ['--max-time', '-m'],
    ['--verbose', '-v'],
    ['--location', '-L'],
  ]);
  const headers: (readonly [string, string])[] = [];
  const rest: string[] = [];
  const words = call.args.map((each) => long.get(each) ?? each);
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== '-H') rest.push(words[i]!);
    else {
      const [name = '', ...value] = (words[++i] ?? '').split(':');
      headers.push([name.trim(), value.join(':').trim()]);
    }
  }
  const { value, has, operands } = readArguments(rest, 'sSkiIfvLg', 'XdowmAu');
  const [url] = operands;
  if (!url) throw new ProgramError('no URL specified', 2);
  const data = value('d');
  const method = value('X') ?? (has('I') ? 'HEAD' : data === undefined ? 'GET' : 'POST');
  const answer = await ask(call, withScheme(url), method, headers, data);
  if (has('f') && answer.status >= 400)
    throw new ProgramError(`(22) The requested URL returned error: ${answer.status}`, 22);
  if (has('i') || has('I')) await call.stdout(headerText(answer));
  if (!has('I')) await save(call, value('o'), answer.body);
  const written = value('w');
  if (written) await call.stdout(written.replaceAll('\\n', '\n').replaceAll('%{http_code}', String(answer.status)));
  return 0;
};

async function ask(
  { machine, name }: Call,
  url: string,
  method: string,
  headers: readonly (readonly [string, string])[],
  data?: string,
): Promise<FetchAnswer> {
  try {
    return await machine.fetch(url, { method, headers, ...(data === undefined ? {} : { body: Buffer.from(data) }) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw name === 'curl'
      ? new ProgramError(`(7) Failed to connect: ${why}`, 7)
      : new ProgramError(`can't connect: ${why}`);
  }
}

export const networkPrograms: Readonly<Record<string, Program>> = { curl, wget };
