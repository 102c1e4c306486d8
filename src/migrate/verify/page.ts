/** A verification as one HTML page that needs nothing else: no script, no font, no picture. Pure. */
import type { Severity } from '../evidence/change.ts';
import { identityOfEvidence } from '../evidence/compare.ts';
import { type EvidenceSet, evidenceIn, type ObjectEvidence } from '../evidence/evidence.ts';
import { isAdopted, type MigrationPlan, type PlannedObject, titleOf } from '../model.ts';
import { differencesSection, severities, words } from './differences.ts';
import { escaped, plural, style, table, tiles } from './markup.ts';
import type { Report } from './report.ts';

function section(title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return rows.length === 0 ? '' : `<h2>${escaped(title)}</h2>${table(columns, rows)}`;
}

const podsOf = ({ pods = [] }: ObjectEvidence): string =>
  pods.length === 0
    ? ''
    : table(
        ['Pod', 'uid', 'started', 'node', 'restarts'],
        pods.map(({ name, uid, startTime, node, containers }) => [
          name,
          uid,
          startTime,
          node,
          containers.map(({ name: container, restarts }) => `${container}: ${restarts}`).join(', '),
        ]),
      );

interface Listing {
  readonly live: ReadonlyMap<string, ObjectEvidence>;
  /** The worst of what was found, by title. */
  readonly worst: ReadonlyMap<string, Severity>;
  readonly unmanaged: ReadonlySet<string>;
}

function objectItem(object: PlannedObject, { live, worst, unmanaged }: Listing): string {
  const title = titleOf(object);
  const found = live.get(identityOfEvidence(object));
  const is = worst.get(title);
  const result = unmanaged.has(title) ? 'not where it should be' : is ? words[is] : found ? 'as before' : 'not there';
  const facts = found
    ? `<p>uid <code>${escaped(found.uid)}</code>, generation ${found.generation}, keyed hash <code>${escaped(found.hash.slice(0, 16))}</code></p>${podsOf(found)}`
    : '';
  return `<details class="object"><summary>${escaped(title)} <span class="weak">${escaped(result)}</span></summary>${facts}</details>`;
}

function listingOf({ differences, unmanaged, cluster }: Report, after: EvidenceSet): Listing {
  const worst = new Map<string, Severity>();
  for (const { object, is, cluster: place } of differences) {
    const known = worst.get(object);
    if (place === cluster && (!known || severities.indexOf(is) < severities.indexOf(known))) worst.set(object, is);
  }
  const objects = evidenceIn(after, cluster)?.objects ?? [];
  return {
    live: new Map(objects.map((each) => [identityOfEvidence(each), each])),
    worst,
    unmanaged: new Set(unmanaged.map(({ object }) => object)),
  };
}

/** Wave by wave and namespace by namespace, folded: what is opened is read. */
function objectsSection(plan: MigrationPlan, listing: Listing): string {
  const adopted = plan.objects.filter(isAdopted);
  const waves = plan.waves.map(({ number, title }) => {
    const own = adopted.filter(({ wave }) => wave === number);
    const spaces = [...Map.groupBy(own, ({ namespace }) => namespace ?? '')].map(
      ([namespace, objects]) =>
        `<details><summary>${escaped(namespace || 'cluster-wide')} <span class="weak">${plural(objects.length, 'object')}</span></summary>${objects.map((object) => objectItem(object, listing)).join('\n')}</details>`,
    );
    return `<details><summary>Wave ${number}: ${escaped(title)} <span class="weak">${plural(own.length, 'object')}</span></summary>${spaces.join('\n')}</details>`;
  });
  return `<h2>Objects, wave by wave</h2>\n${waves.join('\n')}`;
}

const coverageWords: Readonly<Record<keyof Report['coverage'], string>> = {
  objects: 'objects',
  pods: 'Pods',
  containers: 'containers',
  revisions: 'revisions',
  endpoints: 'endpoints of Services',
  managed: 'under management, or to come',
  givenBack: 'given back',
  there: 'were in other clusters before',
  copies: 'copies in other clusters',
};

function summary({ coverage, expected, clusters, state, before, after }: Report): string {
  const counts = Object.entries(coverageWords).map(
    ([key, text]) => [text, coverage[key as keyof typeof coverage]] as const,
  );
  return `<p>Before: <time datetime="${escaped(before)}">${escaped(before)}</time>. Now: <time datetime="${escaped(after)}">${escaped(after)}</time>. Clusters: ${escaped(clusters.join(', '))}. The migration is ${escaped(state)}.</p>
<h2>What was compared</h2>${tiles(counts)}
<p>Expected changes, no failures: ${plural(expected.controllers, 'field')} by controllers, ${expected.templates} by edits of templates since, ${expected.plan} as the plan said.</p>`;
}

const origin = ({ inputs, checksum, seal }: Report): string => `<h2>What it was computed from</h2>
${table(['file', 'SHA-256'], Object.entries(inputs))}
<p>SHA-256 of these: <code>${escaped(checksum)}</code><br>Seal of report.json: <code>${escaped(seal)}</code><br>
Whoever has the folder and the control plane checks both: <code>flotilla migrate verify DIR --check DIR/evidence/report.json</code></p>`;

/** How bad the verdict is: what others have changed since is nobody's failure here. */
function verdictClass({ proven, differences, unmanaged, unseen }: Report): string {
  if (proven) return 'proven';
  const failed = differences.some(({ is }) => is === 'restart' || is === 'change');
  return failed || unmanaged.length + unseen.length > 0 ? 'differs' : 'since';
}

/** `after` gives the Pods and their identities. */
export function verificationPage(report: Report, plan: MigrationPlan, after: EvidenceSet): string {
  const { verdict, differences, unmanaged, unseen, leftOut, cluster } = report;
  const title = `Migration ${report.plan} of ${cluster}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><style>${style}</style></head><body><main>
<h1>${escaped(title)}</h1>
<p class="verdict ${verdictClass(report)}" role="status">${escaped(verdict)}</p>
${summary(report)}
${differencesSection(differences)}
${section(
  'Not where it should be',
  ['object', 'cluster', 'why'],
  unmanaged.map((each) => [each.object, each.cluster, each.why]),
)}
${section(
  'Could not be looked into',
  ['cluster', 'why'],
  unseen.map((each) => [each.cluster, each.why]),
)}
${section(
  'Left out, for their Pods would restart',
  ['object'],
  leftOut.map((object) => [object]),
)}
${objectsSection(plan, listingOf(report, after))}
${origin(report)}
</main></body></html>
`;
}
