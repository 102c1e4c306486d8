/** Where things are kept when nobody says where. */
import { machine } from '#world/process/process.ts';
import { programRoot } from '#world/process/root.ts';

/** `flotilla up`: one installation for each user. */
export const defaultDataDirectory = (): string => `${machine.home()}/.flotilla`;
export const defaultKubeconfigFolder = (): string => `${machine.home()}/.kube`;

/** `npm start`: in the clone, and nowhere else. */
export const demoDataDirectory = (): string => `${programRoot()}/.flotilla/demo/data`;
export const demoKubeconfigFolder = (): string => `${programRoot()}/.flotilla/demo/kube`;

export const memberNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `member${i + 1}`);
