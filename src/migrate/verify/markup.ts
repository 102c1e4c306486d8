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

/** Colours have a contrast of 4.5 or more both ways. On paper all that is folded is open. */
export const style = `:root{--ink:#1b1f24;--paper:#fff;--weak:#57606a;--line:#d8dee4;--good:#dafbe1;--bad:#ffebe9;--drift:#fff1d6}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--weak:#9aa4af;--line:#30363d;--good:#12361f;--bad:#4a1d1d;--drift:#40310c}}
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}
main{max-width:70rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.verdict{padding:.7rem 1rem;border-radius:.4rem;font-weight:600}.proven{background:var(--good)}.differs{background:var(--bad)}
.weak{color:var(--weak)}code,li,summary,p{overflow-wrap:anywhere}
summary{cursor:pointer;padding:.35rem 0}details details{margin-left:1rem}
.found{list-style:none;padding:0}.found>li{padding:.5rem .8rem;margin:.4rem 0;border-left:.3rem solid var(--line)}
.found>.restart,.found>.change{background:var(--bad)}.found>.drift{background:var(--drift)}
@media(max-width:40rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;border-bottom:1px solid var(--line);padding:.3rem 0}td{display:block;border:0;padding:.1rem 0}
td::before{content:attr(data-column) ": ";color:var(--weak)}}
@media print{:root{--ink:#000;--paper:#fff;--weak:#444;--line:#999;--good:#fff;--bad:#fff;--drift:#fff}
details::details-content{content-visibility:visible;block-size:auto}main{max-width:none;padding:0}.verdict{border:1px solid #000}tr,li{break-inside:avoid}}`;

export const plural = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
