/** `demo`: what `npm start` shows; a running cluster is migrated, and nothing restarts. */
import type { DemoView } from '#app/demo/demo.ts';
import { findOnPath } from '#world/process/path.ts';
import type { Call } from '../command.ts';
import { colours } from '../output/colour.ts';
import { demoTable } from '../output/demo-table.ts';
import { progressLines } from '../output/progress.ts';
import type { Surroundings } from '../surroundings.ts';

export async function run({ around, flags }: Call): Promise<number> {
  const { runDemo } = await import('#app/demo/demo.ts');
  return runDemo({ once: flags.on('once') }, demoView(around, findOnPath('kubectl') !== undefined));
}

export function demoView(around: Surroundings, hasKubectl: boolean): DemoView {
  const { output, environment } = around;
  const { good, weak, strong } = colours(output.interactive, environment);
  const progress = progressLines(around);
  const say = (text: string) => output.write(`${text}\n`);
  return {
    ...progress,
    title: (text) => say(`\n${strong(text)}`),
    step: (text, done, total) => {
      const finished = done === total;
      const line = `${finished ? good('✓') : weak('…')} ${text}: ${done} of ${total}`;
      // A terminal's line is written over; elsewhere only what is finished is said.
      if (output.interactive) {
        output.steer('\r\u001b[2K');
        output.write(`${line}${finished ? '\n' : ''}`);
      } else if (finished) say(line);
    },
    result: (rows) => {
      const changed = rows.filter(({ unchanged }) => !unchanged).length;
      say(`\n${strong('Every Pod of member1, before and after')}\n${demoTable(rows).trimEnd()}`);
      say(
        changed === 0
          ? `\n${good('✓')} No Pod was restarted or replaced`
          : `\n${changed} of ${rows.length} workloads have other Pods, or restarted ones`,
      );
    },
    staying: () => say(stayingText(hasKubectl)),
    already: ({ pid, contexts }) =>
      say(`The demo runs already (process ${pid}); contexts: ${contexts.join(', ')}\n${stayingText(hasKubectl)}`),
  };
}

function stayingText(hasKubectl: boolean): string {
  const kubectl = hasKubectl ? 'kubectl' : 'bin/flotilla';
  return [
    '',
    'It stays up. In another terminal:',
    '',
    '  eval "$(bin/flotilla env)"',
    '',
    'and then try:',
    '',
    `  ${kubectl} --context karmada-apiserver get rb`,
    '  bin/flotilla migrate verify .flotilla/demo/plan',
    '  bin/karmadactl get pods --operation-scope members',
    `  ${kubectl} --context karmada-apiserver describe rb nginx-deploy-deployment`,
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}
