// Children that never outlive the launcher: signals are forwarded, exit codes kept.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs a command to its end and answers its exit code (128 + number when a signal ended it).
 * `group: true` gives the child a process group of its own and forwards signals to all of it, for programs
 * (npm) whose own children would be left behind.
 */
export function run(command, args, { cwd, env, group = false, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio, detached: group });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));

    let interrupted;
    const forward = (signal) => {
      interrupted = signal;
      try {
        process.kill(group ? -child.pid : child.pid, signal);
      } catch {
        // Gone already: its exit is on the way.
      }
    };
    for (const signal of forwarded) process.on(signal, forward);
    const leave = () => {
      for (const signal of forwarded) process.off(signal, forward);
    };

    child.once('error', (error) => {
      leave();
      reject(error);
    });
    child.once('close', (code, signal) => {
      leave();
      const exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
      if (stdio === 'inherit') resolve(exitCode);
      else resolve({ exitCode, interrupted, output: Buffer.concat(output).toString() });
    });
  });
}
