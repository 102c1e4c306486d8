/** Every command there is: help, the reference pages and the program itself are made from this table. */
import type { CommandDefinition } from '../command.ts';
import { advancedCommands } from './advanced.ts';
import { basicCommands } from './basic.ts';
import { clusterCommands } from './clusters.ts';
import { insightCommands } from './insight.ts';
import { interpretCommands } from './interpret.ts';
import { localCommands } from './local.ts';
import { migrationCommands } from './migration.ts';

export const catalogue: readonly CommandDefinition[] = [
  ...localCommands,
  ...basicCommands,
  ...migrationCommands,
  ...clusterCommands,
  ...insightCommands,
  ...interpretCommands,
  ...advancedCommands,
];
