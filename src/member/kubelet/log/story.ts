/** What a simulated container says: what its own script prints, or what it is, and that it is alive. */
import type { Container, Pod } from '#apis/kubernetes/types.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import type { ContainerRun } from '../container/runs.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly stream: 'Stdout' | 'Stderr';
  readonly text: string;
}

export type Tell = (stream: LogLine['stream'], text: string) => Promise<boolean>;

/** How often a container that only serves says that it does. */
const aliveMs = 10_000;

/** The script of a container that is a shell with one; undefined for any other. */
export function scriptOf({ command = [], args = [] }: Container): readonly string[] | undefined {
  const words = [...command, ...args];
  const shell = /^(\/(usr\/)?bin\/)?(ba|a)?sh$/.test(words[0] ?? '');
  return shell && words.length > 1 ? words : undefined;
}

const span = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`;
};

/** Told in the time of `clock`, which has the container's start as its beginning. Ends when the run does. */
export async function tellStory(
  { metadata, spec }: Pod,
  container: Container,
  run: ContainerRun,
  clock: Clock,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  await tell(
    'Stdout',
    `container ${container.name} of pod ${metadata.namespace}/${metadata.name} started on ${spec.nodeName}`,
  );
  await tell('Stdout', `image ${run.image}${words.length > 0 ? `, running ${words.join(' ')}` : ''}`);
  if (run.restarts > 0) await tell('Stdout', `started again: restart ${run.restarts}`);
  for (const { name, containerPort, protocol = 'TCP' } of container.ports ?? [])
    await tell('Stdout', `listening on port ${containerPort}/${protocol}${name ? ` (${name})` : ''}`);
  while (!signal.aborted) {
    await sleep(clock, aliveMs, signal).catch(() => {});
    if (signal.aborted || !(await tell('Stdout', `alive for ${span(clock.now() - run.startedAt)}`))) return;
  }
}

/** The last thing that is said of a run. */
export const lastWords = ({ ended }: ContainerRun): LogLine | undefined =>
  ended && ended.exitCode !== 0
    ? {
        time: ended.at,
        stream: 'Stderr',
        text: `ended: exit code ${ended.exitCode}${ended.reason ? ` (${ended.reason})` : ''}`,
      }
    : undefined;
