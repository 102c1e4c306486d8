/**
 * What each figure is measured against: the reference's figure (Karmada v1.18.2 on the same kind of machine) and our
 * budget (architecture.md section 7), by bench and figure. `{n}` in a name is the number of templates.
 */

export interface Expected {
  readonly reference?: string;
  /** In the figure's unit. */
  readonly budget?: number;
}

/** By `bench/figure` or `bench n/figure`. */
export const expected: Readonly<Record<string, Expected>> = {
  'up/ready': { reference: '25–31', budget: 1.5 },
  'up/memory idle': { reference: '1826', budget: 180 },
  'migrate 100/migrated': { reference: '29.3–31.3', budget: 0.5 },
  'migrate 500/migrated': { reference: '146.5' },
  'migrate 1000/migrated': { reference: '295.4', budget: 3 },
  'migrate 1000/CPU': { reference: '388', budget: 5 },
  'migrate 1000/peak memory': { reference: '3007' },
  'migrate 1000/event loop delay p99': { budget: 20 },
  'migrate 1000/event loop delay max': { budget: 100 },
  'migrate 1000/writes per template': { reference: '32' },
  'latency/member has it p50': { reference: '232', budget: 5 },
  'latency/member has it p90': { reference: '270' },
  'latency/member has it p99': { reference: '304', budget: 20 },
  'latency/status is back p50': { reference: '773', budget: 10 },
  'latency/status is back p99': { reference: '998', budget: 40 },
  'preempt 500/preempted': { reference: '218', budget: 2 },
  'rollback 1000/rolled back': { reference: '193', budget: 2 },
  'rollback 1000/workloads lost': { reference: '33–96 of 100', budget: 0 },
  'restart 30000/first edit through': { reference: 'minutes', budget: 5 },
  'restart 30000/event loop delay while listing max': { budget: 100 },
  'heap/heap per template': { reference: '100–200', budget: 30 },
  'migrate-product 10000/plan': { budget: 20 },
  'migrate-product 10000/apply': { budget: 60 },
  'cli/--help': { reference: '80–160', budget: 100 },
  'cli/get': { reference: '80–160', budget: 200 },
  'schedule 5000/5000 waiting on 100 clusters': { reference: '22', budget: 2_000 },
  'apiserver/create': { reference: '436' },
  'apiserver/create per CPU second': { reference: '338' },
  'apiserver/get': { reference: '1002' },
  'apiserver/get per CPU second': { reference: '734' },
  'apiserver/merge patch': { reference: '418' },
  'apiserver/merge patch per CPU second': { reference: '275' },
  'apiserver/server-side apply': { reference: '422' },
  'apiserver/server-side apply per CPU second': { reference: '271' },
  'apiserver/list 5,000': { reference: '7' },
  'apiserver/list 5,000 per CPU second': { reference: '6' },
  'apiserver/list by label, 50 of 5,000': { reference: '192' },
  'apiserver/list by label, 50 of 5,000 per CPU second': { reference: '138' },
  'apiserver/watch, 300 events to 100 watchers': { reference: '9532' },
  'apiserver/watch, 300 events to 100 watchers per CPU second': { reference: '10239' },
  'apiserver/create Deployment': { reference: '289' },
  'apiserver/create Deployment per CPU second': { reference: '202' },
  'apiserver/delete': { reference: '332' },
  'apiserver/delete per CPU second': { reference: '237' },
  'apiserver/peak memory': { reference: '438–681' },
};

/** Of a figure of `bench` run with `n` templates. */
export const expectedOf = (bench: string, n: number | undefined, figure: string): Expected =>
  expected[`${bench} ${n}/${figure}`] ?? expected[`${bench}/${figure}`] ?? {};
