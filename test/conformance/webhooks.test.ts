/** Real webhooks over HTTPS on our API server, held against what a real kube-apiserver makes of the same. */
import { Words } from '#harness/recording.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { makeNamespace } from './replay.ts';
import { staged } from './staged.ts';
import { webhookCases } from './webhooks.cases.ts';

staged({
  title: 'its webhooks',
  file: 'webhook-answers.json',
  cases: webhookCases,
  seen: async ({ name, run }, { door, hooks }) => {
    const namespace = `hooks-${webhookCases.findIndex((each) => each.name === name)}`;
    await makeNamespace(door, namespace);
    const words = new Words(namespace);
    const all = await run({ door, hooks, namespace });
    const told = all.map((each) =>
      'heard' in each ? { heard: words.answered({ status: 200, body: each.heard }).body } : words.answered(each),
    );
    const [authority = ''] = /127\.0\.0\.1:\d+/.exec(hooks.url('/')) ?? [];
    return JSON.parse(JSON.stringify(told).replaceAll(authority, '<webhooks>')) as JsonValue;
  },
});
