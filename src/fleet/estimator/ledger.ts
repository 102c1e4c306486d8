/**
 * What each node has and what its Pods take of it, kept by changes of both: a question looks at nodes alone, never at
 * all Pods.
 */
import { type Amounts, amountsOf, podRequests } from '#apis/kubernetes/fit/requests.ts';
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import type { NodeRoom } from './plan/room.ts';

/** Pods may be known before their node, and stay when it goes. */
interface Account {
  node: Node | undefined;
  readonly used: Map<string, number>;
  pods: number;
  /** Made when it is asked for, until something changes. */
  room: NodeRoom | undefined;
}

interface Holding {
  readonly node: string;
  readonly amounts: Amounts;
}

export interface Ledger {
  readonly setNode: (node: Node) => void;
  readonly removeNode: (name: string) => void;
  /** A Pod as it is now: on a node or not, under way or at its end. */
  readonly setPod: (pod: Pod) => void;
  readonly removePod: (pod: Pod) => void;
  /** Of the nodes there are, in the order of their names. */
  readonly rooms: () => readonly NodeRoom[];
}

const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export function createLedger(): Ledger {
  const accounts = new Map<string, Account>();
  const holdings = new Map<string, Holding>();
  let inOrder: readonly Account[] | undefined;

  const accountOf = (name: string): Account => {
    let account = accounts.get(name);
    if (!account) {
      account = { node: undefined, used: new Map(), pods: 0, room: undefined };
      accounts.set(name, account);
    }
    return account;
  };

  const dropIfEmpty = (name: string, account: Account) => {
    if (!account.node && account.pods === 0) accounts.delete(name);
  };

  const change = ({ node, amounts }: Holding, sign: 1 | -1) => {
    const account = accountOf(node);
    account.pods += sign;
    account.room = undefined;
    for (const [name, amount] of amounts) account.used.set(name, (account.used.get(name) ?? 0) + sign * amount);
    dropIfEmpty(node, account);
  };

  const removePod = ({ metadata }: Pod) => {
    const holding = holdings.get(metadata.uid!);
    if (!holding) return;
    holdings.delete(metadata.uid!);
    change(holding, -1);
  };

  return {
    setNode: (node) => {
      const account = accountOf(node.metadata.name!);
      if (!account.node) inOrder = undefined;
      account.node = node;
      account.room = undefined;
    },
    removeNode: (name) => {
      const account = accounts.get(name);
      if (!account?.node) return;
      account.node = undefined;
      inOrder = undefined;
      dropIfEmpty(name, account);
    },
    setPod: (pod) => {
      const { nodeName } = pod.spec;
      if (!nodeName || hasEnded(pod)) return removePod(pod);
      const amounts = podRequests(pod.spec);
      const known = holdings.get(pod.metadata.uid!);
      if (known && known.node === nodeName && sameAmounts(known.amounts, amounts)) return;
      removePod(pod);
      const holding = { node: nodeName, amounts };
      holdings.set(pod.metadata.uid!, holding);
      change(holding, 1);
    },
    removePod,
    rooms: () => {
      inOrder ??= [...accounts.values()]
        .filter(({ node }) => node !== undefined)
        .sort((left, right) => (left.node!.metadata.name! < right.node!.metadata.name! ? -1 : 1));
      return inOrder.map((account) => (account.room ??= roomOf(account)));
    },
  };
}

function roomOf({ node, used, pods }: Account): NodeRoom {
  const free = new Map<string, number>();
  for (const [name, amount] of amountsOf(node!.status?.allocatable)) {
    free.set(name, Math.max(0, amount - (used.get(name) ?? 0)));
  }
  const places = Math.max(0, (amountsOf(node!.status?.allocatable).get('pods') ?? 0) - pods);
  return { node: node!, free, places };
}

const sameAmounts = (left: Amounts, right: Amounts): boolean =>
  left.size === right.size && [...left].every(([name, amount]) => right.get(name) === amount);
