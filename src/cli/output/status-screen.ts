/** The screen of `flotilla status`. */
import type { ClusterReport, ComponentReport, UpStatus } from '#app/up/status.ts';
import { humanDuration } from '#kube/table/duration.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';

export function statusScreen(status: UpStatus, paint: Colours): string {
  const { version, problem, upSeconds, memoryMiB, components, clusters } = status;
  const head = `Flotilla ${version}, up ${humanDuration(upSeconds * 1000)}, ${memoryMiB} MiB\n`;
  const troubles = components.flatMap(({ troubles: own }) =>
    own.map(({ controller, key, why }) => [controller, key, why]),
  );
  return [
    paint.strong(head),
    problem === undefined ? '' : `${paint.bad(problem)}\n`,
    table(['COMPONENT', 'STATE', 'WAITING', 'FAILING'], components.map(componentCells), paint),
    clusters.length === 0
      ? 'No member clusters: flotilla join\n'
      : table(['CLUSTER', 'READY', 'VERSION', 'NODES', 'REASON'], clusters.map(clusterCells), paint),
    troubles.length === 0 ? '' : table(['CONTROLLER', 'KEY', 'WHAT FAILED, AND IS TRIED AGAIN'], troubles, paint),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const componentCells = ({ name, running, waiting, troubles }: ComponentReport): readonly string[] => [
  name,
  running ? 'Running' : 'Stopped',
  String(waiting),
  String(troubles.length),
];

const clusterCells = ({ name, ready, version, nodes, reason }: ClusterReport): readonly string[] => [
  name,
  ready,
  version || '-',
  nodes,
  reason || '-',
];

const goodWords = /\b(Running|True)\b/;
const badWords = /\b(Stopped|False|Unknown)\b/;

/** Painted after alignment: colour codes have a length of their own. */
function table(headers: readonly string[], rows: readonly (readonly string[])[], { weak, good, bad }: Colours): string {
  const [head = '', ...lines] = alignColumns([headers, ...rows])
    .trimEnd()
    .split('\n');
  const painted = lines.map((line) => line.replace(goodWords, good).replace(badWords, bad));
  return `${[weak(head), ...painted].join('\n')}\n`;
}
