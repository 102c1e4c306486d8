/** `flotilla up` as a process of its own, in a home folder of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOptions, type StartedCommand, start } from './command.ts';
import { flotilla } from './program.ts';
import { until } from './until.ts';

export interface Home {
  readonly folder: string;
  readonly data: string;
  readonly kubeconfigs: string;
  /** What a shell of this person has: HOME and KUBECONFIG. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** A person's empty home folder. */
export function newHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-home-'));
  const kubeconfigs = join(folder, '.kube');
  return {
    folder,
    data: join(folder, '.flotilla'),
    kubeconfigs,
    environment: {
      HOME: folder,
      KUBECONFIG: `${join(kubeconfigs, 'karmada.config')}:${join(kubeconfigs, 'members.config')}`,
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

export interface RunningUp {
  readonly command: StartedCommand;
  readonly home: Home;
  /** Asks it to end and waits until it has. */
  readonly stop: () => Promise<void>;
  /** kill -9. */
  readonly kill: () => Promise<void>;
}

/** Starts it without waiting. */
export async function launchUp(
  home: Home,
  args: readonly string[] = [],
  options: CommandOptions = {},
): Promise<RunningUp> {
  const { node, script } = await flotilla();
  const places = ['--data-dir', home.data, '--kubeconfig-dir', home.kubeconfigs];
  const environment = { ...home.environment, ...options.environment };
  const command = start(node, [script, 'up', ...places, ...args], { ...options, environment });
  const end = async (signal: NodeJS.Signals) => {
    command.signal(signal);
    await command.ended;
  };
  return { command, home, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Starts it and waits until all clusters are Ready. */
export async function runningUp(
  home: Home,
  args: readonly string[] = [],
  options: CommandOptions = {},
): Promise<RunningUp> {
  const running = await launchUp(home, args, options);
  const gone = running.command.ended.then(({ code, errors }) => {
    throw new Error(`up ended with exit code ${code}: ${errors}`);
  });
  gone.catch(() => {});
  await Promise.race([until('up is ready', () => isReady(home, running.command.pid)), gone]);
  return running;
}

/** As `up` says of itself in its data directory. */
function isReady({ data }: Home, pid: number): boolean {
  const path = join(data, 'run.json');
  if (!existsSync(path)) return false;
  const record = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; ready: boolean };
  return record.pid === pid && record.ready;
}
