/** The story of an object for the terminal: what blocks first, the command that mends it, then the whole walk as a tree. */
import type { Step, Why } from '#migrate/why/story.ts';
import { titleOfSubject } from '#migrate/why/words.ts';
import type { Colours } from './colour.ts';

export function whyReport({ object, madeBy = [], blocked, walk }: Why, paint: Colours): string {
  const title = titleOfSubject(object);
  const head = blocked
    ? `${paint.bad(blocked.sentence)}\n${paint.weak(`${capital(blocked.mend.does)}:`)} ${paint.strong(blocked.mend.command)}\n`
    : `${paint.good(`Nothing blocks ${title}.`)}\n`;
  const made = madeBy.length > 0 ? `${paint.weak(`Made by ${madeBy.join(', which is made by ')}.`)}\n` : '';
  return `${head}${made}\n${lines(walk, paint, '').join('\n')}\n`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const mark = { good: '✓', bad: '✗', note: '·' } as const;

/** The names of steps side by side are one column; what is below a step begins under its mark, below a last one too. */
function lines(steps: readonly Step[], paint: Colours, indent: string): readonly string[] {
  const width = Math.max(...steps.map(({ step }) => shown(step).length));
  return steps.flatMap((step, i) => {
    const last = i === steps.length - 1;
    const { is, text, below = [] } = step;
    const colour = is === 'good' ? paint.good : is === 'bad' ? paint.bad : paint.weak;
    const name = shown(step.step).padEnd(width);
    const line = `${paint.weak(`${indent}${last ? '└─' : '├─'}`)} ${colour(mark[is])} ${name ? `${paint.strong(name)}  ` : ''}${is === 'bad' ? colour(text) : text}`;
    return [line, ...lines(below, paint, `${indent}${last ? '   ' : '│  '}`)];
  });
}

/** Candidates tell by themselves what they are. */
const shown = (step: Step['step']): string => (step === 'candidate' ? '' : step);
