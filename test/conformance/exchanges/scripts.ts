/** All scripts: each is run against a real kube-apiserver once, and its recording against ours with every `npm test`. */
import { applyScripts } from './apply.ts';
import { customScripts } from './custom.ts';
import { defaultScripts } from './defaults.ts';
import type { Script } from './hand.ts';
import { patchScripts } from './patch.ts';
import { refusalScripts } from './refusals.ts';

export const scripts: readonly Script[] = [
  ...applyScripts,
  ...patchScripts,
  ...defaultScripts,
  ...refusalScripts,
  ...customScripts,
];
