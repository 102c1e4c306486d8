import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, pod, refusal, refusalText, startCluster } from '../../serve.cases.ts';
import { parseContinue } from './continue.ts';

const maps = 'v1/configmaps/default';
const names = ({ items }: { items: readonly { metadata: { name?: string } }[] }) =>
  items.map(({ metadata }) => metadata.name);

describe('list', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await cluster.create(maps, {
        ...configMap(name),
        metadata: { name, labels: { odd: String(['a', 'c', 'e'].includes(name)) } },
      });
    }
    await cluster.create('v1/configmaps/kube-system', configMap('a'));
  });

  it('is ordered, by namespace or over all of them, and of one version', async () => {
    const all = await cluster.list('v1/configmaps');
    expect(all).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMapList',
      metadata: { resourceVersion: String(cluster.store.revision()) },
    });
    expect(all.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'default/a',
      'default/b',
      'default/c',
      'default/d',
      'default/e',
      'kube-system/a',
    ]);
    expect(names(await cluster.list('v1/configmaps/kube-system'))).toEqual(['a']);
    expect(names(await cluster.list('v1/configmaps/kube-public'))).toEqual([]);
  });

  it('is narrowed by labels and fields', async () => {
    expect(names(await cluster.list(maps, { labelSelector: 'odd=false' }))).toEqual(['b', 'd']);
    expect(names(await cluster.list('v1/configmaps', { fieldSelector: 'metadata.name=a' }))).toEqual(['a', 'a']);
    expect(names(await cluster.list(maps, { fieldSelector: 'metadata.name=a' }))).toEqual(['a']);
    expect(names(await cluster.list(maps, { fieldSelector: 'metadata.name!=a,metadata.namespace=default' }))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
    expect(names(await cluster.list(maps, { fieldSelector: 'metadata.name=a', labelSelector: 'odd=false' }))).toEqual(
      [],
    );
    await cluster.create('v1/pods/default', pod('p', { nodeName: 'n1' }));
    expect(names(await cluster.list('v1/pods', { fieldSelector: 'spec.nodeName=n1,status.phase=Pending' }))).toEqual([
      'p',
    ]);
    expect(names(await cluster.list('v1/pods', { fieldSelector: 'spec.nodeName=n2' }))).toEqual([]);
  });

  it('refuses selectors it cannot read and fields a kind does not offer', async () => {
    expect((await refusal(cluster.list(maps, { labelSelector: 'a in b' }))).code).toBe(400);
    expect(await refusalText(cluster.list(maps, { fieldSelector: 'data.x=y' }))).toBe(
      '400 BadRequest: "data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(await refusalText(cluster.list('v1/pods', { fieldSelector: 'spec.colour=y' }))).toBe(
      '400 BadRequest: field label not supported: spec.colour',
    );
  });

  it('comes in pages of one snapshot', async () => {
    const first = await cluster.list(maps, { limit: 2 });
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    await cluster.create(maps, configMap('bb'));
    await cluster.remove(`${maps}/c`);
    const second = await cluster.list(maps, { limit: 2, continue: first.metadata.continue });
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const last = await cluster.list(maps, { limit: 2, continue: second.metadata.continue });
    expect(names(last)).toEqual(['e']);
    expect(last.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it('fills pages that a selector narrows, and does not count what is left', async () => {
    const first = await cluster.list(maps, { limit: 2, labelSelector: 'odd=true' });
    expect(names(first)).toEqual(['a', 'c']);
    expect(first.metadata.remainingItemCount).toBeUndefined();
    expect(
      names(await cluster.list(maps, { limit: 2, labelSelector: 'odd=true', continue: first.metadata.continue })),
    ).toEqual(['e']);
  });

  it('tells of a token that is too old, and how to go on', async () => {
    const first = await cluster.list(maps, { limit: 2 });
    await cluster.create(maps, configMap('bb'));
    await cluster.clock.advance(700_000);
    const status = await refusal(cluster.list(maps, { limit: 2, continue: first.metadata.continue }));
    expect(status).toMatchObject({ code: 410, reason: 'Expired' });
    expect(status.message).toContain('The provided continue parameter is too old to display a consistent list result.');
    const token = status.metadata.continue ?? '';
    expect(parseContinue(token)).toEqual({ revision: -1, after: { namespace: 'default', name: 'b' } });
    expect(names(await cluster.list(maps, { continue: token }))).toEqual(['bb', 'c', 'd', 'e']);
  });

  it('refuses tokens that are not its own', async () => {
    expect(await refusalText(cluster.list(maps, { continue: 'xyz' }))).toContain(
      '400 BadRequest: invalid continue token: continue key is not valid',
    );
    const { metadata } = await cluster.list(maps, { limit: 1 });
    expect(await refusalText(cluster.list(maps, { continue: metadata.continue, resourceVersion: '5' }))).toBe(
      '400 BadRequest: specifying resource version is not allowed when using continue',
    );
  });

  it('reads an earlier state exactly when asked, and never one that is not there yet', async () => {
    const before = String(cluster.store.revision());
    await cluster.remove(`${maps}/a`);
    const exact = { resourceVersion: before, resourceVersionMatch: 'Exact' } as const;
    expect(names(await cluster.list(maps, exact))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(names(await cluster.list(maps, { ...exact, fieldSelector: 'metadata.name=a' }))).toEqual(['a']);
    expect(names(await cluster.list(maps, { resourceVersion: before, resourceVersionMatch: 'NotOlderThan' }))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
    expect(names(await cluster.list(maps, { resourceVersion: '0' }))).toEqual(['b', 'c', 'd', 'e']);
    expect(await refusal(cluster.list(maps, { resourceVersion: '9999' }))).toMatchObject({
      code: 504,
      reason: 'Timeout',
      message: `Timeout: Too large resource version: 9999, current: ${cluster.store.revision()}`,
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    });
    await cluster.clock.advance(700_000);
    expect(await refusalText(cluster.list(maps, exact))).toBe(
      '410 Expired: The resourceVersion for the provided list is too old.',
    );
  });

  it.each([
    [
      { resourceVersion: 'abc' },
      '400 BadRequest: invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      { resourceVersionMatch: 'Exact' },
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      { resourceVersionMatch: 'Exact', resourceVersion: '0' },
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      { sendInitialEvents: true },
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
  ] as const)('refuses %j', async (options, text) => {
    expect(await refusalText(cluster.list(maps, options))).toBe(text);
  });
});
