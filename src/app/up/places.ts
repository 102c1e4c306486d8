/** Where things are kept when nobody says where. */
import { mostNetworks } from '#member/network.ts';
import { machine } from '#world/process/process.ts';
import { programRoot } from '#world/process/root.ts';

/** `flotilla up`: one installation for each user. */
export const defaultDataDirectory = (): string => `${machine.home()}/.flotilla`;
export const defaultKubeconfigFolder = (): string => `${machine.home()}/.kube`;

/** `npm start`: in the clone, and nowhere else. */
export const demoDataDirectory = (): string => `${programRoot()}/.flotilla/demo/data`;
export const demoKubeconfigFolder = (): string => `${programRoot()}/.flotilla/demo/kube`;

/** Where `npm start` writes its migration plan, for whoever wants to read it. */
export const demoPlanFolder = (): string => `${programRoot()}/.flotilla/demo/plan`;

/** As many as there are address ranges, less the one of karmada-host. Each takes a port, two nodes and about 2 MB. */
export const mostMembers = mostNetworks - 1;

/** Of karmada-host: the last range, for members are counted from the first. */
export const hostNetwork = mostNetworks - 1;

export const memberNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `member${i + 1}`);
