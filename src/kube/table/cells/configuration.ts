/** What workloads are given: namespaces, configuration, secrets, quotas. */
import { canonicalQuantity } from '../../quantity/quantity.ts';
import { ageOf, cellsOf, nameOf, type View } from './cell.ts';

const size = (members: object | undefined) => Object.keys(members ?? {}).length;

export const namespaceCells = cellsOf<View<unknown, { readonly phase?: string }>>((object, now) => [
  nameOf(object),
  object.status?.phase ?? '',
  ageOf(object, now),
]);

export const configMapCells = cellsOf<View<unknown> & { readonly data?: object; readonly binaryData?: object }>(
  (object, now) => [nameOf(object), size(object.data) + size(object.binaryData), ageOf(object, now)],
);

export const secretCells = cellsOf<View<unknown> & { readonly data?: object; readonly type?: string }>(
  (object, now) => [nameOf(object), object.type ?? '', size(object.data), ageOf(object, now)],
);

type Amounts = Readonly<Record<string, string | number>>;

export const resourceQuotaCells = cellsOf<View<unknown, { readonly hard?: Amounts; readonly used?: Amounts }>>(
  (object, now) => {
    const { hard = {}, used = {} } = object.status ?? {};
    const [requests, limits]: [string[], string[]] = [[], []];
    for (const resource of Object.keys(hard).sort()) {
      const text = `${resource}: ${canonicalQuantity(used[resource] ?? 0)}/${canonicalQuantity(hard[resource] ?? 0)}`;
      (resource.startsWith('limits.') ? limits : requests).push(text);
    }
    return [nameOf(object), requests.join(', '), limits.join(', '), ageOf(object, now)];
  },
);

interface ComponentCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly error?: string;
}

export const componentStatusCells = cellsOf<View<unknown> & { readonly conditions?: readonly ComponentCondition[] }>(
  (object) => {
    const healthy = object.conditions?.find(({ type }) => type === 'Healthy');
    const status = healthy ? (healthy.status === 'True' ? 'Healthy' : 'Unhealthy') : 'Unknown';
    return [nameOf(object), status, healthy?.message ?? '', healthy?.error ?? ''];
  },
);
