/** Each of our webhooks is called when, where and how the reference's of that path is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { webhookConfigurations } from '#webhooks/configurations.ts';
import { webhooks } from '#webhooks/webhooks.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { goldenFolder, goldenPresent } from './reference.ts';

interface Configuration {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly { readonly clientConfig: { readonly url: string } }[];
}

/** By configuration and path: what an API server goes by, without where we are. */
const entries = (configurations: readonly Configuration[]) =>
  new Map(
    configurations.flatMap(({ metadata, webhooks: list }) =>
      list.map(({ clientConfig, ...entry }) => [`${metadata.name}${new URL(clientConfig.url).pathname}`, entry]),
    ),
  );

test('the webhook configurations say what the reference says', ({ skip }) => {
  skip(!goldenPresent, `${goldenFolder} is not there`);
  const text = readFileSync(join(goldenFolder, 'discovery', 'webhooks.json'), 'utf8');
  const read = JSON.parse(text) as { readonly items?: readonly Configuration[] } & readonly Configuration[];
  const wanted = entries(read.items ?? read);
  const address = { url: 'https://127.0.0.1:1' };
  const made = webhookConfigurations(webhooks({ random: seededRandom(1) }), address);
  const ours = entries(made as unknown as readonly Configuration[]);
  expect(ours.size).toBeGreaterThan(8);
  for (const [at, entry] of ours) expect([at, wanted.get(at)]).toMatchObject([at, entry]);
});
