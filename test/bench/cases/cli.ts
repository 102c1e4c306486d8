/** What a command costs before it does anything: `flotilla --help`, and `flotilla get` against a running installation. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, milliseconds } from '../bench.ts';
import { makeHome, startProduct } from '../product.ts';
import { percentile } from '../statistics.ts';

const samples = 20;

/** Milliseconds of one command from its start to its end. Throws with what it said when it fails. */
async function timed(program: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`flotilla ${args.join(' ')} ended with ${code}: ${errors}`);
  return performance.now() - started;
}

async function medianOf(program: string, args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) times.push(await timed(program, args));
  return percentile(times, 0.5);
}

export const cli: Bench = {
  name: 'cli',
  summary: 'how long flotilla --help and flotilla get take',
  runs: 1,
  run: async ({ options, program }) => {
    const home = await makeHome(options);
    const product = await startProduct(program, home, options);
    try {
      const kubeconfig = ['--kubeconfig', join(home.kubeconfigs, 'karmada.config')];
      const context = ['--context', 'karmada-apiserver'];
      return [
        milliseconds('--help', await medianOf(program, ['--help'])),
        milliseconds('get', await medianOf(program, ['get', 'clusters', ...kubeconfig, ...context])),
      ];
    } finally {
      await product.stop();
      await home.remove();
    }
  },
};
