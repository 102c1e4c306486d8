/** What a plan's objects would be without: one line for each thing that is lacking, whoever lacks it. */
import type { Lack, MigrationPlan } from '../model.ts';

/** Lines shown; all of it is in plan.yaml. */
const mostLines = 40;

const titleOf = ({ kind, namespace, name }: Lack): string => `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** `member2 would be without it`. */
const without = ({ clusters = [] }: Lack): string => `${clusters.join(', ')} would be without it`;

function wordsOf(lack: Lack): string {
  const { is, clusters, why } = lack;
  switch (is) {
    case 'missing':
      return 'is not there';
    case 'left-out':
      if (!clusters) return 'is left out, and stays without management';
      return `is left out${why ? ` (${why})` : ''}: ${without(lack)}`;
    case 'refused':
      return `cannot be taken over: ${without(lack)}`;
    case 'elsewhere':
      return `goes to fewer clusters: ${without(lack)}`;
    case 'held':
      if (!why) return `has a template that no policy propagates: ${without(lack)}`;
      if (!clusters) return `is held by ${why}, which takes over nothing that is there already`;
      return `is held by ${why}: ${without(lack)}`;
    case 'not-served':
      return `is of a kind (${lack.apiVersion}) that ${clusters!.join(', ')} does not serve`;
  }
}

/** Those that leave a cluster without something go first. */
export function lackLines({ objects, spec }: MigrationPlan): readonly string[] {
  const all = objects.flatMap(({ lacks = [] }) => lacks);
  const alike = [...Map.groupBy(all, (lack) => `${titleOf(lack)} ${wordsOf(lack)}`)];
  const ordered = alike.toSorted(
    ([left, [a]], [right, [b]]) =>
      Number(b!.clusters !== undefined) - Number(a!.clusters !== undefined) || (left < right ? -1 : 1),
  );
  const lines = ordered.map(([text, lacks]) => {
    const becauses = [...new Set(lacks.map(({ because }) => because))];
    const more = becauses.length > 1 ? `, and ${becauses.length - 1} more` : '';
    return `${text}   (${becauses[0]}${more})`;
  });
  const rest = lines.length - mostLines;
  const hint =
    !spec.scope.closure && all.some(({ is }) => is === 'left-out') ? ['--with-closure takes in what is left out'] : [];
  return [...lines.slice(0, mostLines), ...(rest > 0 ? [`… and ${rest} more in plan.yaml`] : []), ...hint];
}
