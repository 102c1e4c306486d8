/** HTML that holds whatever people and clusters call things, as text. Pure. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string | number): string =>
  String(text).replace(/[&<>"']/g, (character) => entities[character]!);

/** Each cell names its column: on a narrow screen a row is shown as a list. */
export function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const row = (cells: readonly (string | number)[]): string =>
    `<tr>${cells.map((cell, i) => `<td data-column="${escaped(columns[i]!)}">${escaped(cell)}</td>`).join('')}</tr>`;
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table></div>`;
}

/** Counts side by side, each under its number. */
export const tiles = (counts: readonly (readonly [string, number])[]): string =>
  `<dl class="tiles">${counts.map(([what, count]) => `<div><dt>${escaped(what)}</dt><dd>${count}</dd></div>`).join('')}</dl>`;

/** Colours have a contrast of 4.5 or more both ways. On paper all that is folded is open. */
export const style = `:root{--ink:#1b1f24;--paper:#fff;--weak:#57606a;--line:#d8dee4;--pale:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--drift:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--weak:#9aa4af;--line:#30363d;--pale:#161b22;--good:#3fb950;--bad:#ff7b72;--drift:#d8a13a}}
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}
main{max-width:64rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.verdict{padding:.8rem 1rem;border:1px solid;border-left-width:.4rem;border-radius:.4rem;font-size:1.1rem;font-weight:600}
.proven{color:var(--good)}.differs{color:var(--bad)}.since{color:var(--drift)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.5rem;margin:0}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--pale);border-radius:.4rem;padding:.5rem .8rem}
.tiles dt{color:var(--weak);font-size:.85rem;line-height:1.3}.tiles dd{margin:0;font-size:1.4rem;font-variant-numeric:tabular-nums}
.weak{color:var(--weak);font-weight:400}code,li,summary,p,h3{overflow-wrap:anywhere}code{font-size:.9em}
summary{cursor:pointer;padding:.35rem 0}details details{margin-left:1rem}
.card{border:1px solid var(--line);border-left:.4rem solid var(--line);border-radius:.4rem;padding:.6rem 1rem;margin:.6rem 0}
.card ul{margin:.3rem 0 0;padding-left:1.2rem}.card li{margin:.3rem 0}.card .fields{list-style:none;padding-left:0;font-size:.9rem}
.is{font-size:.85rem;white-space:nowrap}del,ins{text-decoration:none}
.restart,.change{border-left-color:var(--bad)}.restart .is,.change .is{color:var(--bad)}
.drift{border-left-color:var(--drift)}.drift .is{color:var(--drift)}
@media(max-width:40rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;border-bottom:1px solid var(--line);padding:.3rem 0}td{display:block;border:0;padding:.1rem 0}
td::before{content:attr(data-column) ": ";color:var(--weak)}}
@media print{:root{--ink:#000;--paper:#fff;--weak:#444;--line:#999;--pale:#fff;--good:#000;--bad:#000;--drift:#000}
details::details-content{content-visibility:visible;block-size:auto}main{max-width:none;padding:0}tr,li,.card h3,.tiles div{break-inside:avoid}}`;

export const plural = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
