import { test } from 'vitest';
import { simulate } from './simulate.ts';
test('d', { timeout: 60000 }, async () => {
  const { problems, story } = await simulate(Number(process.env.FLOTILLA_SEED));
  console.log(story.join('\n'), problems);
});
