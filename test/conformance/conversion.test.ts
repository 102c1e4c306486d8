/** A real conversion webhook over HTTPS behind our API server, held against what a real kube-apiserver makes of the same. */
import { it } from 'vitest';
import { Words } from '#harness/recording.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { conversionCases, oneRequest } from './conversion.cases.ts';
import { makeNamespace } from './replay.ts';
import { staged } from './staged.ts';

staged({
  title: 'a conversion webhook',
  file: 'conversion-answers.json',
  cases: conversionCases,
  seen: async ({ name, run }, { door, hooks }) => {
    const namespace = `boxes-${conversionCases.findIndex((each) => each.name === name)}`;
    await makeNamespace(door, namespace);
    const words = new Words(namespace);
    const told = (await run({ door, hooks, namespace })).map((each) => words.answered(each));
    // A review's own uid.
    return JSON.parse(JSON.stringify(told).replaceAll(/response\.uid=\\+"[^"]*"/g, 'response.uid=<uid>')) as JsonValue;
  },
  also: (stage) => {
    it('asks once for all of a list, and of each object once', async () => {
      const { door, hooks } = stage();
      await makeNamespace(door, 'boxes-once');
      await oneRequest({ door, hooks, namespace: 'boxes-once' });
    });
  },
});
