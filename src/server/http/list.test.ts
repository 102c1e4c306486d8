import { describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '#kube/meta/object.ts';
import { cms, listOf, serve, tableAccept } from './serving.cases.ts';

describe('lists', () => {
  it('of any length come whole', async () => {
    for (const count of [0, 3, 1_500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const { items, ...rest } = (await json(cms)) as unknown as KubeList;
      expect(rest).toEqual({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '9' } });
      // The list has said what they are.
      const untyped = listOf(count).items.map(({ apiVersion: _version, kind: _kind, ...item }) => item);
      expect(items).toEqual(untyped);
    }
  });

  it('come as metadata alone', async () => {
    const accept = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    for (const count of [2, 500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const body = (await json(cms, { headers: accept })) as unknown as KubeList;
      expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
      expect(body.items).toHaveLength(count);
      expect(body.items[1]).toEqual({
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata: listOf(2).items[1]!.metadata,
      });
    }
  });

  it('come as Tables, with as much of the objects as asked for', async () => {
    for (const count of [2, 500]) {
      const { json } = await serve({ handle: async () => ({ code: 200, object: listOf(count), warnings: [] }) });
      const tables = await Promise.all(
        ['', '?includeObject=Object', '?includeObject=None'].map((query) =>
          json(cms + query, { headers: tableAccept }),
        ),
      );
      const [metadata, whole, none] = tables as unknown as {
        kind: string;
        columnDefinitions: { name: string }[];
        rows: { cells: unknown[]; object?: KubeObject }[];
      }[];
      expect(metadata!.kind).toBe('Table');
      expect(metadata!.columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
      expect(metadata!.rows).toHaveLength(count);
      expect(metadata!.rows[0]).toMatchObject({
        cells: ['cm-0', 1, expect.anything()],
        object: { kind: 'PartialObjectMetadata' },
      });
      expect(whole!.rows[1]!.object).toEqual(listOf(2).items[1]);
      expect(none!.rows[0]!.object).toBeNull();
    }
  });

  it('show no Table of what is not of the kind', async () => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' } };
    const { json } = await serve({ handle: async () => ({ code: 200, object: scale, warnings: [] }) });
    expect(await json(`${cms}/a/scale`, { headers: tableAccept })).toEqual(scale);
  });
});
