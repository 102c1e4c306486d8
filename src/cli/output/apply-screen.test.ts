/** What a person sees while a plan is applied: bars on a terminal, plain lines elsewhere. */
import { describe, expect, it } from 'vitest';
import type { ApplyView } from '#migrate/apply/options.ts';
import type { PlannedObject } from '#migrate/model.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { Surroundings } from '../surroundings.ts';
import { applyProgress } from './apply-screen.ts';

const web = { kind: 'Deployment', namespace: 'shop', name: 'web' } as PlannedObject;
const wave = (number: number, title: string, applied: number, objects: number) =>
  ({ number, title, applied, objects, state: applied === objects ? 'applied' : 'applying', since: '' }) as const;
const view: ApplyView = {
  waves: [wave(1, 'access', 3, 3), wave(2, 'workloads', 1, 4)],
  wave: 2,
  doing: 'Deployment shop/web: not written yet',
  failed: Array.from({ length: 5 }, () => ({ object: web, why: 'no room' })),
};

function terminal(interactive: boolean) {
  const clock = simulatedClock();
  let text = '';
  const errors = {
    write: (more: string) => {
      text += more;
    },
    steer: (more: string) => {
      text += more;
    },
    interactive,
    columns: 60,
  };
  const progress = applyProgress({ errors, clock } as unknown as Surroundings);
  const taken = () => {
    const said = text;
    text = '';
    return said;
  };
  return { clock, progress, taken };
}

describe('progress of an apply', () => {
  it('is a line for each wave on a terminal, written over', async () => {
    const { clock, progress, taken } = terminal(true);
    progress.show(view);
    const lines = [
      '✓  1 access    ████████████████████████ 3/3',
      '›  2 workloads ██████░░░░░░░░░░░░░░░░░░ 1/4',
      '  Deployment shop/web: not written yet',
      '  failed: Deployment shop/web: no room',
      '  failed: Deployment shop/web: no room',
      '  failed: Deployment shop/web: no room',
      '  … and 2 more failed',
    ];
    expect(taken()).toBe(`${lines.join('\n')}\n`);
    progress.show(view);
    expect(taken()).toBe('');
    await clock.advance(200);
    progress.show({ ...view, doing: 'x'.repeat(100), failed: [] });
    expect(taken()).toBe(`\x1b[7A\r\x1b[J${[lines[0], lines[1], `  ${'x'.repeat(57)}`].join('\n')}\n`);
    progress.tell('wave 2 is done');
    expect(taken()).toBe('\x1b[3A\r\x1b[Jwave 2 is done\n');
    progress.end();
    expect(taken()).toBe('');
  });

  it('is what is worth a line elsewhere, and a sign of life now and then', async () => {
    const { clock, progress, taken } = terminal(false);
    progress.tell('wave 1 (access): 3 of 3 taken over');
    progress.show(view);
    expect(taken()).toBe('wave 1 (access): 3 of 3 taken over\n');
    await clock.advance(10_000);
    progress.show(view);
    progress.show(view);
    expect(taken()).toBe('wave 2 (workloads): 1 of 4; Deployment shop/web: not written yet\n');
  });
});
