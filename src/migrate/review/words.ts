/** Words that say of a field's change whose it is and what comes of it. Pure. */
import type { Change } from '../model.ts';

/** `owned by helm, restarts Pods`; empty where there is nothing to say. */
export const aboutChange = ({ managers, restarts }: Pick<Change, 'managers' | 'restarts'>): string =>
  [...(managers.length > 0 ? [`owned by ${managers.join(', ')}`] : []), ...(restarts ? ['restarts Pods'] : [])].join(
    ', ',
  );
