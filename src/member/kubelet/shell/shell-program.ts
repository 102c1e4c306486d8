/** The shell as a program: with a script, with lines that come, or with somebody at a terminal. */
import { resolvePath } from '../container/files.ts';
import { parse } from './parse.ts';
import { type Call, linesOf, nothing, type Program, ProgramError } from './process.ts';
import { createShell, type Shell } from './shell.ts';
import { ShellSyntaxError } from './tree.ts';

/** A shell as a program: `sh -c script`, `sh file`, or what comes on stdin, line by line. */
export function shellProgram(programs: ReadonlyMap<string, Program>): Program {
  return async (call) => {
    const args = [...call.args];
    let script: string | undefined;
    while (args[0]?.startsWith('-') || args[0]?.startsWith('+')) {
      const option = args.shift()!;
      if (/^-[a-z]*c$/.test(option)) {
        script = args.shift();
        if (script === undefined) throw new ProgramError('-c requires an argument', 2);
      }
    }
    if (script === undefined && args[0] !== undefined) {
      const path = resolvePath(call.cwd, args[0]);
      if (!call.machine.files.find(path))
        throw new ProgramError(`can't open '${args[0]}': No such file or directory`, 2);
      script = call.machine.files.read(path).toString('utf8');
    }
    const { machine, env, cwd, signal, terminal } = call;
    const shell = createShell({
      machine,
      programs,
      env,
      cwd,
      signal,
      args: script === undefined || args.length === 0 ? [call.name] : args,
      ...(terminal ? { terminal } : {}),
    });
    if (script !== undefined) return shell.run(script, call);
    return terminal ? interact(shell, call) : runLines(shell, call);
  };
}

/** A script that comes line by line is run as soon as what has come is whole. */
async function runLines(shell: Shell, call: Call): Promise<number> {
  let script = '';
  for await (const line of linesOf(call.stdin)) {
    script += `${line}\n`;
    if (isUnfinished(script)) continue;
    const { over } = await shell.step(script, { ...call, stdin: nothing() });
    if (over) return shell.state.code;
    script = '';
  }
  return script === '' ? shell.state.code : shell.run(script, call);
}

/** With somebody at a terminal. */
async function interact(shell: Shell, call: Call): Promise<number> {
  let script = '';
  for (;;) {
    const prompt = script === '' ? `${shell.state.cwd} ${call.machine.user.id === 0 ? '#' : '$'} ` : '> ';
    const line = await call.terminal!.readLine(prompt);
    if (line === undefined) return shell.state.code;
    if (line === 'interrupted') {
      script = '';
      continue;
    }
    script += `${line.text}\n`;
    if (isUnfinished(script)) continue;
    const { over } = await call.terminal!.foreground((signal) =>
      createShell({ ...shell.options, signal }, shell.state).step(script, call),
    );
    if (over) return shell.state.code;
    script = '';
  }
}

function isUnfinished(script: string): boolean {
  try {
    parse(script);
    return false;
  } catch (error) {
    return error instanceof ShellSyntaxError && error.unfinished;
  }
}
