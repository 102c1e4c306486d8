/** A verification as one HTML page that needs nothing else: no script, no font, no picture. Pure. */
import type { Difference } from '../evidence/compare.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { titleOf } from '../model.ts';
import type { Verification } from './verify.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string | number): string =>
  String(text).replace(/[&<>"']/g, (character) => entities[character]!);

const row = (cells: readonly (string | number)[]): string =>
  `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;

function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = columns.map((column) => `<th>${escaped(column)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table>`;
}

const section = (title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  rows.length === 0 ? '' : `<h2>${escaped(title)}</h2>${table(columns, rows)}`;

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top;overflow-wrap:anywhere}
.verdict{padding:.7rem 1rem;border-radius:.4rem;font-weight:600}.proven{background:#dafbe1}.differs{background:#ffebe9}
code{overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}.proven{background:#12361f}.differs{background:#4a1d1d}}`;

const words: Readonly<Record<Difference['is'], string>> = {
  restart: 'restarted',
  change: 'changed',
  note: 'worth a look',
};

/** `after` gives the Pods and their identities. */
export function verificationPage(result: Verification, after: Evidence): string {
  const { plan, cluster, proven, coverage, differences, unmanaged, checksum } = result;
  const title = `Migration ${plan} of ${cluster}`;
  const verdict = proven
    ? 'Proven: what ran before runs as it did, and is under management.'
    : 'Not proven: see what differs below.';
  const counts = Object.entries(coverage).map(([what, count]) => [what, count]);
  const pods = after.objects.flatMap((object) =>
    (object.pods ?? []).map((pod) => [
      titleOf(object),
      pod.name,
      pod.uid,
      pod.startTime,
      pod.containers.map(({ name, restarts }) => `${name}: ${restarts}`).join(', '),
    ]),
  );
  const objects = after.objects.map((object) => [
    titleOf(object),
    object.uid,
    object.generation,
    object.hash.slice(0, 16),
  ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="verdict ${proven ? 'proven' : 'differs'}">${escaped(verdict)}</p>
<p>Before: ${escaped(result.before)}. After: ${escaped(result.after)}.</p>
${section(
  'What differs',
  ['how', 'object', 'what'],
  differences.map(({ is, object, what }) => [words[is], object, what]),
)}
${section(
  'Not under management',
  ['object', 'why'],
  unmanaged.map(({ object, why }) => [object, why]),
)}
${section('What was compared', ['what', 'how many'], counts)}
${section('Pods', ['of', 'name', 'uid', 'started', 'restarts'], pods)}
${section('Objects', ['object', 'uid', 'generation', 'SHA-256 of what it states'], objects)}
<p>Computed from plan.yaml, evidence/before.json and evidence/after.json, SHA-256 of the three:<br><code>${escaped(checksum)}</code></p>
</body></html>
`;
}
