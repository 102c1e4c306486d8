/** What is shown while a plan is applied, and what is said once it has come to its end. */
import type { ApplyView, Outcome } from '#migrate/apply/options.ts';
import type { LeftOut } from '#migrate/apply/schedule.ts';
import { titleOf } from '#migrate/model.ts';
import type { MigrationRecord } from '#migrate/record/record.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Colours } from './colour.ts';
import { migrateCommand } from './migrate-commands.ts';
import { liveLines } from './progress.ts';

const barWidth = 24;
/** Failures shown while it goes on. */
const mostFailures = 3;
/** Where nobody looks a line now and then says that it goes on. */
const lineEveryMs = 10_000;

const bar = (done: number, all: number): string => {
  const full = all === 0 ? barWidth : Math.floor((done / all) * barWidth);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
};

/** A line for each wave, one for what is going on, and the first failures. */
function applyLines({ waves, wave, doing, failed }: ApplyView): readonly string[] {
  const width = Math.max(0, ...waves.map(({ title }) => title.length));
  return [
    ...waves.map(({ number, title, applied, objects, state }) => {
      const mark = state === 'applied' ? '✓' : number === wave ? '›' : ' ';
      return `${mark} ${String(number).padStart(2)} ${title.padEnd(width)} ${bar(applied, objects)} ${applied}/${objects}`;
    }),
    `  ${doing}`,
    ...failed.slice(0, mostFailures).map(({ object, why }) => `  failed: ${titleOf(object)}: ${why}`),
    ...(failed.length > mostFailures ? [`  … and ${failed.length - mostFailures} more failed`] : []),
  ];
}

export interface ApplyProgress {
  readonly show: (view: ApplyView) => void;
  readonly tell: (text: string) => void;
  readonly end: () => void;
}

export function applyProgress(around: Surroundings): ApplyProgress {
  const { errors, clock } = around;
  const live = liveLines(around);
  let [told, last] = [clock.monotonic(), ''];
  return {
    show: (view) => {
      live.show(applyLines(view));
      if (errors.interactive || clock.monotonic() - told < lineEveryMs) return;
      told = clock.monotonic();
      const wave = view.waves.find(({ number }) => number === view.wave);
      const line = wave
        ? `wave ${wave.number} (${wave.title}): ${wave.applied} of ${wave.objects}; ${view.doing}`
        : view.doing;
      if (line !== last) errors.write(`${line}\n`);
      last = line;
    },
    tell: (text) => {
      live.clear();
      told = clock.monotonic();
      errors.write(`${text}\n`);
    },
    end: live.clear,
  };
}

const counted = ({ waves }: MigrationRecord): string => {
  const sum = (of: 'applied' | 'objects') => waves.reduce((total, wave) => total + wave[of], 0);
  return `${sum('applied')} of ${sum('objects')} objects`;
};

/** Objects of a section. */
const mostShown = 40;

function section(title: string, lines: readonly string[], { strong }: Colours): string {
  if (lines.length === 0) return '';
  const more = lines.length > mostShown ? [`  … and ${lines.length - mostShown} more`] : [];
  return `${strong(title)}:\n${[...lines.slice(0, mostShown), ...more].join('\n')}\n`;
}

const leftOutLines = (leftOut: readonly LeftOut[]) => leftOut.map(({ object, why }) => `  ${titleOf(object)}: ${why}`);

/** `refused`: what the plan itself leaves where it is, in conflict or blocked. */
export function applyReport(outcome: Outcome, folder: string, refused: readonly LeftOut[], paint: Colours): string {
  const { good, bad, weak, strong } = paint;
  const next = (words: string, command: string) => `${weak(`${words}:`)} ${strong(command)}\n`;
  const [apply, verify] = [migrateCommand('apply', folder), migrateCommand('verify', folder)];
  if (outcome.is === 'declined') return 'Nothing was written.\n';
  const { record } = outcome;
  if (outcome.is === 'already') {
    const when = record.finishedAt ? ` since ${record.finishedAt}` : '';
    return `${good(`${record.plan} is applied already${when}`)}: ${counted(record)} taken over; its templates are the control plane's now: change them there, not in the folder\n${next('Prove it', verify)}`;
  }
  const failures = (record.objects ?? []).flatMap(({ object, is, why }) =>
    is === 'failed' ? [`  ${object}: ${why ?? ''}`] : [],
  );
  const sections = [
    section('Left out', leftOutLines(outcome.leftOut), paint),
    section('Not taken over, as the plan says', leftOutLines(refused), paint),
    section('Failed', failures, paint),
  ];
  const at =
    record.waves.find(({ state }) => state === outcome.is) ?? record.waves.find(({ state }) => state !== 'applied');
  const wave = at?.number ?? record.waves.length;
  const heads = {
    applied: `${good(`${counted(record)} are taken over`)} in ${record.waves.length === 1 ? '1 wave' : `${record.waves.length} waves`}, and no Pod was replaced\n`,
    paused: `${strong(`Stopped in wave ${wave}`)}: ${outcome.why}; ${counted(record)} are taken over and stay so\n`,
    failed: `${bad(`Wave ${wave} failed`)}: ${outcome.why}; ${counted(record)} are taken over\n`,
    'rolling-back': `${bad(`Wave ${wave} is rolled back as far as it goes now`)}: ${outcome.why}; ${counted(record)} are taken over\n`,
    'rolled-back': `${bad(`Wave ${wave} was rolled back`)}: ${outcome.why}; ${counted(record)} are taken over and stay so\n`,
  };
  const nexts = {
    applied: next('Next, prove that everything runs as before', verify),
    paused: next('Go on', `${apply} --resume`),
    failed: next('Take the wave back', migrateCommand('rollback', folder, `--wave ${wave}`)),
    'rolling-back': next(
      `${failures.length > 0 ? 'Once what is named above is back, finish' : 'Finish'} taking the wave back`,
      `${apply} --resume`,
    ),
    'rolled-back': next('Once the cause is mended, try again', `${apply} --resume`),
  };
  return [heads[outcome.is], ...sections, nexts[outcome.is]].filter((part) => part !== '').join('\n');
}
