/** Our API server answers what a real kube-apiserver has answered, managedFields included (recordings/). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Door, doorTo } from '#harness/exchange.ts';
import { type OwnKubernetes, startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { differences } from './differences.ts';
import { expectRecorded, recordings } from './replay.ts';

let own: OwnKubernetes;
let door: Door;
beforeAll(async () => {
  own = await startOwnKubernetes();
  door = doorTo(own.access);
});
afterAll(async () => {
  await door.close();
  await own.stop();
});

it.each(recordings())('%s', async (name) => {
  await expectRecorded(door, name, expect, differences);
});
