import { describe, expect, it } from 'vitest';
import { good, note } from '#migrate/why/story.ts';
import { colours } from './colour.ts';
import { whyReport } from './why-report.ts';

describe('the report of why', () => {
  it('has what is below a step under its mark, below the last one too', () => {
    const walk = [
      good('schedule', 'to member1', [note('candidate', 'member2: tainted')]),
      good('cluster', 'member1', [good('work', 'applied'), good('status', 'Healthy', [note('candidate', 'deeper')])]),
    ];
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    const [, tree = ''] = whyReport({ object, walk }, colours(false, {})).split('\n\n');
    expect(tree.trimEnd().split('\n')).toEqual([
      '├─ ✓ schedule  to member1',
      '│  └─ · member2: tainted',
      '└─ ✓ cluster   member1',
      '   ├─ ✓ work    applied',
      '   └─ ✓ status  Healthy',
      '      └─ · deeper',
    ]);
  });
});
