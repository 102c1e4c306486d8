/**
 * Writes to a store as fast as it can, until it is killed: `node crash-writer.ts FOLDER SEED`. Prints `base R` once the
 * store is open, `wrote R` for what is committed and `ack R` for what is durable.
 */
import { systemClock } from '#world/clock/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { openLmdbJournal } from '../lmdb.ts';
import { journaledStore } from '../memory.ts';
import { applyToModel, applyToStore, modelOf, nextOperation } from './history.ts';

const [folder = '', seed = '1'] = process.argv.slice(2);
const operations = seededRandom(Number(seed));
const pace = seededRandom(Number(seed) + 1);
const journal = await openLmdbJournal(folder, { clock: systemClock, createdBy: 'flotilla test', shownPath: folder });
const store = await journaledStore({ clock: systemClock }, journal);
const model = modelOf(store);
const say = (text: string) => process.stdout.write(`${text}\n`);
const mostAtOnce = 40;
const mostUnflushed = 400;

/** A write on its way in LMDB's own thread keeps no process alive, and here is nothing else that does: no listener. */
const stayAlive = (): void => {
  systemClock.after(1_000, stayAlive, { keepAlive: true });
};
stayAlive();

say(`base ${store.revision()}`);
for (let acknowledged = store.revision(); ; ) {
  const count = 1 + Math.floor(pace.next() * mostAtOnce);
  for (let done = 0; done < count; done++) {
    const operation = nextOperation(operations, model);
    applyToStore(store, operation);
    applyToModel(model, operation);
  }
  const revision = store.revision();
  say(`wrote ${revision}`);
  const durable = store.durable(revision).then(() => {
    acknowledged = revision;
    say(`ack ${revision}`);
  });
  if (revision - acknowledged > mostUnflushed) await durable;
  else await new Promise<void>((resolve) => systemClock.soon(resolve));
}
