/** Who may import whom: the table of ARCHITECTURE.md as data. */
import type { SourceFile } from './sources.ts';

/** Below: every room each room may import from, besides itself. `flow/*\/plan.ts` is open where `plans` says so. */
const below0: readonly string[] = [];
const below2 = ['kube', 'world', 'apis'];
const below3 = [...below2, 'client'];
const below4 = [...below3, 'runtime', 'interpreter'];

interface Rule {
  readonly may: readonly string[];
  readonly plans?: boolean;
  readonly lazily?: readonly string[];
  /** Single files or folders of other rooms that are open. */
  readonly open?: readonly string[];
}

const rules: Readonly<Record<string, Rule>> = {
  kube: { may: below0 },
  world: { may: below0 },
  apis: { may: ['kube'] },
  client: { may: below2 },
  runtime: { may: below3 },
  interpreter: { may: below3 },
  server: { may: below2, open: ['src/runtime/telemetry/'] },
  flow: { may: below4 },
  fleet: { may: below4 },
  features: { may: below4 },
  workloads: { may: below4 },
  webhooks: { may: below4, plans: true },
  migrate: { may: below4, plans: true },
  member: { may: [...below4, 'workloads'] },
  app: { may: [...below4, 'server', 'flow', 'fleet', 'features', 'workloads', 'webhooks', 'migrate', 'member'] },
  cli: { may: ['client', 'migrate', 'apis', 'kube', 'interpreter', 'world'], plans: true, lazily: ['app'] },
};

/** Rooms whose second-level folders may not import each other. */
const apart = ['flow', 'fleet', 'features', 'workloads'];
/** Folders in those rooms that are open to their siblings. */
const shared = ['src/workloads/pods/'];

const roomOf = (path: string) => path.split('/')[1]!;
const partOf = (path: string) => (path.split('/').length > 3 ? path.split('/')[2] : undefined);

function allowed(from: SourceFile, to: string, lazy: boolean): boolean {
  const [room, target] = [roomOf(from.path), roomOf(to)];
  const rule = rules[room];
  if (!rule) return false;
  if (rule.open?.some((open) => to.startsWith(open))) return true;
  if (rule.plans && /^src\/flow\/[^/]+\/plan(\.ts|\/)/.test(to)) return true;
  if (room !== target) return rule.may.includes(target) || (lazy && (rule.lazily ?? []).includes(target));
  if (!apart.includes(room)) return true;
  const [part, targetPart] = [partOf(from.path), partOf(to)];
  return (
    part === undefined || part === targetPart || targetPart === undefined || shared.some((open) => to.startsWith(open))
  );
}

/** One line for each import that breaks the table. Tests may import whatever they test with. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  const problems: string[] = [];
  for (const file of files) {
    if (!file.path.startsWith('src/') || file.test) continue;
    for (const edge of file.imports) {
      if (edge.file?.startsWith('test/') || edge.file?.startsWith('tools/')) {
        problems.push(`${file.path} imports ${edge.file}: sources never import tests or tools`);
      } else if (edge.file?.startsWith('src/') && !allowed(file, edge.file, edge.lazy || edge.typeOnly)) {
        problems.push(`${file.path} may not import ${edge.file}`);
      }
    }
  }
  return problems;
}
