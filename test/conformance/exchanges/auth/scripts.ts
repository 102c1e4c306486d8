/** All scripts about who may do what. */
import type { Script } from '../hand.ts';
import { certificateScripts } from './certificates.ts';
import { nodeScripts } from './nodes.ts';
import { refusalAccessScripts } from './refusals.ts';
import { reviewScripts } from './reviews.ts';
import { roleAccessScripts } from './roles.ts';
import { tokenScripts } from './tokens.ts';

export const authScripts: readonly Script[] = [
  ...refusalAccessScripts,
  ...roleAccessScripts,
  ...reviewScripts,
  ...tokenScripts,
  ...certificateScripts,
  ...nodeScripts,
];
