/** Other programs, for what they print: credential plugins of kubeconfigs. */
import { execFile } from 'node:child_process';

/** An ExecCredential with certificates is a few kB. */
const mostOutputBytes = 1024 * 1024;
/** A plugin may have somebody log in with a browser. */
const timeoutMs = 120_000;

/** Standard output; rejects with what it said on standard error when it fails. `env` is added to our own. */
export function outputOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: mostOutputBytes, timeout: timeoutMs };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(stdout);
    });
  });
}
