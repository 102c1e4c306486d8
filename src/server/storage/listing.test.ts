/** An earlier revision is listed exactly as it was then, in pages of any size. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { memoryStore } from './memory.ts';
import type { ListPage, Store } from './store.ts';
import { applyToModel, applyToStore, type Model, nextOperation } from './testdata/history.ts';

const resource = 'configmaps';

function pages(store: Store, namespace: string | undefined, at: number, limit: number): readonly ListPage[] {
  const result: ListPage[] = [];
  for (let after: ListPage['next']; ; ) {
    const page = store.list({ space: 'karmada', resource, namespace }, { at, after, limit });
    result.push(page);
    if (!page.next) return result;
    after = page.next;
  }
}

test('every revision in the window lists as it was', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(undefined, 'shop'),
      (seed, limit, namespace) => {
        const store = memoryStore({ clock: simulatedClock(), freeze: true, ephemeral: {} });
        const random = seededRandom(seed);
        const model: Model = new Map();
        const listings: (readonly unknown[])[] = [];
        for (let step = 0; step < 120; step++) {
          let operation = nextOperation(random, model);
          while (operation.kind === 'drop') operation = nextOperation(random, model);
          applyToStore(store, operation);
          applyToModel(model, operation);
          listings[store.revision()] = store.list({ space: 'karmada', resource, namespace }).items;
        }
        for (let revision = 1; revision <= store.revision(); revision++) {
          const listed = pages(store, namespace, revision, limit);
          expect(listed.flatMap((page) => page.items)).toEqual(listings[revision]);
          for (const [index, page] of listed.entries()) {
            const rest = listed.slice(index + 1).reduce((sum, { items }) => sum + items.length, 0);
            expect(page).toMatchObject({ revision, remaining: rest });
            if (page.next) expect(page.items).toHaveLength(limit);
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});
