/** Step by step through the documents: what we write is what a real control plane wrote, but for explained differences. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deployment, Deployments, Events } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { clientOf } from '#harness/contexts.ts';
import { root } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { until } from '#harness/until.ts';
import { compare } from './compare.ts';
import { type Difference, differences } from './differences.ts';
import { readExpectations } from './expectation.ts';
import { oursNow } from './ours.ts';
import { goldenFolder, goldenPresent, referenceAt } from './reference.ts';
import { handsOf, steps } from './steps.ts';

const names = steps.map(({ name }) => name);
const expectations = readExpectations(names);

describe('golden', () => {
  const home = newHome();
  const clients = new Map<string, ApiClient>();
  const client = (cluster: string) => clients.get(cluster)!;
  const met = new Set<Difference>();
  let up: RunningUp | undefined;

  beforeAll(async () => {
    up = await runningUp(home);
    for (const cluster of ['karmada-apiserver', 'member1', 'member2']) clients.set(cluster, clientOf(home, cluster));
  });
  afterAll(async () => {
    for (const each of clients.values()) each.close();
    await up?.stop();
    home.remove();
  });

  /** Differences nobody has explained. */
  const unexplained = async (step: string) => {
    const found = compare(expectations.get(step)!, await oursNow(client));
    return found.filter((line) => {
      const explained = differences.filter((each) => each.line.test(line));
      for (const each of explained) met.add(each);
      return explained.length === 0;
    });
  };

  for (const { name, does } of steps) {
    test(name, async () => {
      await does(handsOf(client));
      let last: readonly string[] = [];
      const alike = until(name, async () => {
        last = await unexplained(name);
        return last.length === 0;
      });
      await alike.catch(() => expect(last).toEqual([]));
    });
    if (name === '02-migrated') {
      test('events about a template carry its UID, so that describing it shows them', async () => {
        const key = { namespace: 'default', name: 'nginx-deploy' };
        const template = await client('karmada-apiserver').resource<Deployment>(Deployments).get(key);
        const { items } = await client('karmada-apiserver').resource(Events).list({ namespace: 'default' });
        const about = items.filter(({ involvedObject }) => involvedObject?.name === 'nginx-deploy');
        expect(new Set(about.map(({ involvedObject }) => involvedObject?.uid))).toEqual(
          new Set([template.metadata.uid]),
        );
      });
    }
  }

  test('every explanation is still needed', () => {
    const needed = differences.filter(({ sometimes }) => !sometimes);
    expect(needed.filter((each) => !met.has(each)).map(({ line }) => String(line))).toEqual([]);
  });
});

test('docs/parity.md says why for every difference', () => {
  const page = readFileSync(join(root, 'docs', 'parity.md'), 'utf8').replaceAll(/\s+/g, ' ');
  expect(differences.filter(({ parity }) => !page.includes(parity)).map(({ parity }) => parity)).toEqual([]);
});

describe('the committed expectations', () => {
  for (const name of names) {
    test(`${name} is what ../shared/golden says`, ({ skip }) => {
      skip(!goldenPresent, `${goldenFolder} is not there`);
      expect(expectations.get(name)).toEqual(referenceAt(name));
    });
  }
});
