/** What a rehearsal stands on: the sandbox, the plan's folder as it is, and every cluster as the commands would reach it. */
import { informerFactory } from '#client/informer/factory.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { type KindFinder, kindFinder } from '#client/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { ApplyOptions } from '../apply/options.ts';
import type { Source } from '../reading/inventory.ts';
import type { Sandbox } from './sandbox.ts';

/** A plan's folder. */
export type RehearsedContent = Pick<ApplyOptions, 'plan' | 'hash' | 'templateOf' | 'policies'>;

export interface Ground {
  readonly sandbox: Sandbox;
  readonly content: RehearsedContent;
  readonly control: Source;
  readonly from: Source & { readonly cluster: string; readonly kindOf: KindFinder };
  /** Of a cluster of the plan. */
  readonly member: (name: string) => Source & { readonly cluster: string };
  /** What the real control plane says of kinds. */
  readonly interpreter: Interpreter;
  readonly stop: () => void;
}

export async function openGround(
  sandbox: Sandbox,
  content: RehearsedContent,
  interpreter: Interpreter,
): Promise<Ground> {
  const { clock, random } = sandbox;
  const sourceOf = (client: Source['client']): Source => ({ client, mapper: restMapper(client, { clock }) });
  const { cluster } = content.plan.spec.from;
  const members = new Map(
    [...new Set([cluster, ...content.plan.spec.to])].map((name) => [
      name,
      { ...sourceOf(sandbox.member(name)), cluster: name },
    ]),
  );
  const from = members.get(cluster)!;
  const informers: InformerFactory = informerFactory(from.client, { clock, random });
  const kindOf = kindFinder({ informers, known: sandbox.knownKind, ready: (definitions) => definitions });
  await sandbox.drive(informers.whenSynced());
  return {
    sandbox,
    content,
    control: sourceOf(sandbox.control),
    from: { ...from, kindOf },
    member: (name) => members.get(name)!,
    interpreter,
    stop: informers.stop,
  };
}
