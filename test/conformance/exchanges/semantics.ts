/** Scripts that hold each verb and each kind against kube-apiserver, whoever else extends them. */
import { answeredScripts } from './answered.ts';
import { bodyScripts } from './bodies.ts';
import type { Script } from './hand.ts';
import { mutationScripts } from './kinds/mutations.ts';
import { verbScripts } from './kinds/verbs.ts';
import { listScripts } from './lists.ts';
import { watchScripts } from './watches.ts';

export const semanticScripts: readonly Script[] = [
  ...verbScripts,
  ...mutationScripts,
  ...listScripts,
  ...watchScripts,
  ...bodyScripts,
  ...answeredScripts,
];
