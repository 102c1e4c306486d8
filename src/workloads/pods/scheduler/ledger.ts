/**
 * What each node has and what is taken of it: kept up to date by changes of Pods and nodes, so that placing a Pod
 * never looks at all Pods. A Pod counts from the moment it is placed, before the API server knows.
 */

import { type HostPort, hostPortsOf } from '#apis/kubernetes/fit/ports.ts';
import { type Amounts, amountsOf, podRequests } from '#apis/kubernetes/fit/requests.ts';
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import { controllerOf } from '#kube/meta/owner.ts';

/** A node as the scheduler sees it. */
export interface NodeView {
  readonly node: Node;
  readonly allocatable: Amounts;
  readonly used: Amounts;
  readonly pods: number;
  /** Pods by the uid of what controls them. */
  readonly siblings: ReadonlyMap<string, number>;
  readonly hostPorts: readonly HostPort[];
}

/** What there is of a node that nobody has told us about, or no longer. */
interface Account {
  node: Node | undefined;
  allocatable: Amounts;
  readonly used: Map<string, number>;
  pods: number;
  readonly siblings: Map<string, number>;
  readonly hostPorts: HostPort[];
}

interface Holding {
  readonly node: string;
  readonly amounts: Amounts;
  readonly controller: string | undefined;
  readonly hostPorts: readonly HostPort[];
}

export interface Ledger {
  readonly setNode: (node: Node) => void;
  readonly removeNode: (name: string) => void;
  /** The Pod's share of this node; a second time for the same Pod does nothing unless it is another node. */
  readonly hold: (pod: Pod, node: string) => void;
  /** True when it held something. */
  readonly release: (pod: Pod) => boolean;
  /** Where the Pod is, or is being put. */
  readonly placeOf: (pod: Pod) => string | undefined;
  /** Nodes that exist. */
  readonly nodes: () => readonly NodeView[];
  readonly node: (name: string) => NodeView | undefined;
}

const nothing: Amounts = new Map();

export function createLedger(): Ledger {
  const accounts = createAccounts();
  const holdings = new Map<string, Holding>();

  const release = ({ metadata }: Pod): boolean => {
    const holding = holdings.get(metadata.uid!);
    if (!holding) return false;
    holdings.delete(metadata.uid!);
    accounts.change(holding, -1);
    return true;
  };

  return {
    setNode: accounts.open,
    removeNode: accounts.close,
    nodes: accounts.nodes,
    node: accounts.node,
    hold: (pod, node) => {
      const uid = pod.metadata.uid!;
      if (holdings.get(uid)?.node === node) return;
      release(pod);
      const holding = {
        node,
        amounts: podRequests(pod.spec),
        controller: controllerOf(pod)?.uid,
        hostPorts: hostPortsOf(pod.spec),
      };
      holdings.set(uid, holding);
      accounts.change(holding, 1);
    },
    release,
    placeOf: ({ metadata }) => holdings.get(metadata.uid!)?.node,
  };
}

/** One for each node that exists or holds something. */
function createAccounts() {
  const accounts = new Map<string, Account>();
  let known: readonly NodeView[] | undefined;

  const accountOf = (name: string): Account => {
    let account = accounts.get(name);
    if (!account) {
      account = { node: undefined, allocatable: nothing, used: new Map(), pods: 0, siblings: new Map(), hostPorts: [] };
      accounts.set(name, account);
    }
    return account;
  };

  return {
    open: (node: Node) => {
      const account = accountOf(node.metadata.name!);
      if (account.node?.status?.allocatable !== node.status?.allocatable) {
        account.allocatable = amountsOf(node.status?.allocatable);
      }
      if (!account.node) known = undefined;
      account.node = node;
    },
    close: (name: string) => {
      const account = accounts.get(name);
      if (!account) return;
      account.node = undefined;
      known = undefined;
      if (account.pods === 0) accounts.delete(name);
    },
    change: ({ node, amounts, controller, hostPorts }: Holding, sign: 1 | -1) => {
      const account = accountOf(node);
      account.pods += sign;
      for (const [name, amount] of amounts) add(account.used, name, sign * amount);
      if (controller !== undefined) add(account.siblings, controller, sign);
      for (const port of hostPorts) {
        if (sign > 0) account.hostPorts.push(port);
        else account.hostPorts.splice(account.hostPorts.indexOf(port), 1);
      }
      if (account.pods === 0 && !account.node) accounts.delete(node);
    },
    nodes: () => {
      known ??= [...accounts.values()].filter(isThere);
      return known;
    },
    node: (name: string): NodeView | undefined => {
      const account = accounts.get(name);
      return account && isThere(account) ? account : undefined;
    },
  };
}

const isThere = (account: Account): account is Account & NodeView => account.node !== undefined;

function add(amounts: Map<string, number>, name: string, amount: number): void {
  const sum = (amounts.get(name) ?? 0) + amount;
  if (sum === 0) amounts.delete(name);
  else amounts.set(name, sum);
}
