/** `describe`: one or many objects in words, with their events. */
import type { Deployment, Pod, Service } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import { openScope } from '../connection/scope.ts';
import { openSession, type Session } from '../connection/session.ts';
import { describeDeployment } from '../describe/deployment.ts';
import { describeEvents, eventsOf } from '../describe/events.ts';
import { describeGeneric } from '../describe/generic.ts';
import { Page } from '../describe/page.ts';
import { describePod } from '../describe/pod.ts';
import { describeService } from '../describe/service.ts';
import { CommandError, throwAll } from '../failure.ts';
import { spokenName } from '../help.ts';
import { type Selection, selectObjects } from '../targets/select.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  if (words.length === 0 && flags.texts('filename').length === 0)
    throw new CommandError(
      `You must specify the type of resource to describe. Use "${spokenName(around.program)} api-resources" for a complete list of supported resources.`,
    );
  const own = await openSession(call);
  const { sessions } = await openScope(call, own);
  const failures: unknown[] = [];
  const blocks: string[] = [];
  for (const { session } of sessions) {
    const selection = await orByPrefix(call, session, await selectObjects(call, session));
    failures.push(...selection.failures);
    const texts: string[] = [];
    for (const { object } of selection.found) texts.push(await describe(call, session, object));
    // kubectl ends each that it found by a name's beginning with an empty line, and parts others by two.
    const block = selection.byPrefix ? texts.map((text) => `${text}\n`).join('') : texts.join('\n\n');
    if (block !== '') blocks.push(block);
  }
  around.output.write(blocks.join('\n\n'));
  if (blocks.length === 0 && failures.length === 0 && !flags.on('ignore-not-found'))
    around.errors.write(
      flags.on('all-namespaces') ? 'No resources found\n' : `No resources found in ${own.namespace} namespace.\n`,
    );
  throwAll(failures);
  return 0;
}

/** A name that is not there may be the beginning of others' names: `describe pod nginx-deploy`. */
async function orByPrefix(
  call: Call,
  session: Session,
  selection: Selection,
): Promise<Selection & { readonly byPrefix?: boolean }> {
  const [type, prefix] = call.words;
  const { found, failures, single } = selection;
  if (!single || found.length > 0 || type === undefined || prefix === undefined) return selection;
  if (!failures.every((failure) => isReason(failure, 'NotFound'))) return selection;
  const all = await selectObjects({ ...call, words: [type] }, session);
  const matching = all.found.filter(({ object }) => object.metadata.name?.startsWith(prefix));
  return matching.length === 0 ? selection : { ...all, found: matching, byPrefix: true };
}

async function describe({ around, flags }: Call, { client }: Session, object: KubeObject): Promise<string> {
  const page = new Page();
  const now = around.clock.now();
  const events = flags.on('show-events') ? eventsOf(client, object) : undefined;
  switch (`${object.apiVersion} ${object.kind}`) {
    case 'apps/v1 Deployment':
      await describeDeployment(page, object as Deployment, client);
      break;
    case 'v1 Pod':
      describePod(page, object as Pod, now);
      break;
    case 'v1 Service':
      await describeService(page, object as Service, client);
      break;
    default:
      describeGeneric(page, object);
  }
  if (events) describeEvents(page, await events, now);
  return page.text();
}
