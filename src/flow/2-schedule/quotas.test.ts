import { expect, it } from 'vitest';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change, Indexer, Informer } from '#client/informer/informer.ts';
import { wakeByQuotas } from './quotas.ts';

const quota = (overall: object, overallUsed: object = {}) =>
  ({
    metadata: { namespace: 'shop', name: 'q' },
    spec: { overall },
    status: { overallUsed },
  }) as FederatedResourceQuota;

const binding = (namespace: string, name: string, reason: string) =>
  ({
    metadata: { namespace, name },
    status: { conditions: [{ type: 'Scheduled', status: 'False', reason }] },
  }) as unknown as Binding;

function wokenBy(change: Change<FederatedResourceQuota>): readonly string[] {
  const all = [
    binding('shop', 'refused', 'QuotaExceeded'),
    binding('shop', 'elsewhere', 'NoClusterFit'),
    binding('other', 'refused', 'QuotaExceeded'),
  ];
  let indexer: Indexer<Binding> = () => [];
  const bindings = {
    addIndex: (_name: string, given: Indexer<Binding>) => {
      indexer = given;
    },
    byIndex: (_name: string, value: string) => all.filter((each) => indexer(each).includes(value)),
  } as unknown as Informer<Binding>;
  const quotas = {
    onChange: (handler: (each: typeof change) => void) => handler(change),
  } as unknown as Informer<FederatedResourceQuota>;
  const woken: string[] = [];
  wakeByQuotas(quotas, bindings, (key) => woken.push(key));
  return woken;
}

const updated = (old: FederatedResourceQuota, object: FederatedResourceQuota) =>
  ({ type: 'updated', old, object, initial: false }) as const;

it.each<[string, Change<FederatedResourceQuota>, boolean]>([
  ['a limit is raised', updated(quota({ cpu: '4' }), quota({ cpu: '5' })), true],
  ['a limit is gone', updated(quota({ cpu: '4', memory: '1' }), quota({ cpu: '4' })), true],
  ['less is used', updated(quota({ cpu: '4' }, { cpu: '4' }), quota({ cpu: '4' }, { cpu: '3' })), true],
  ['it is gone', { type: 'deleted', object: quota({ cpu: '4' }), initial: false }, true],
  ['a limit is lowered', updated(quota({ cpu: '4' }), quota({ cpu: '3' })), false],
  ['more is used', updated(quota({ cpu: '4' }, { cpu: '1' }), quota({ cpu: '4' }, { cpu: '2' })), false],
  ['it is new', { type: 'added', object: quota({ cpu: '4' }), initial: false }, false],
])('what a quota was against in its namespace, when %s: %#', (_when, change, isWoken) => {
  expect(wokenBy(change)).toEqual(isWoken ? ['shop/refused'] : []);
});
