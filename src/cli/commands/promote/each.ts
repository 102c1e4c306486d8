/** `promote`, object by object: what is said of each, and what is refused. */

import { keyOf } from '#kube/meta/key.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { carryOut, type Done, policyObstacle } from '#migrate/promote/carry-out.ts';
import {
  draft,
  look,
  type Piece,
  type PromoteOptions,
  type Promotion,
  spokenPiece,
  standing,
  whyNotPromoted,
} from '#migrate/promote/promotion.ts';
import { whySkipped } from '#migrate/reading/selection.ts';
import type { Call } from '../../command.ts';
import { CommandError, throwAll } from '../../failure.ts';
import { type Colours, colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { promotionReport } from '../../output/promotion-report.ts';
import type { Found } from '../../targets/select.ts';

/** Of a dry run: something would be refused. */
const refusedCode = 2;

type One = (live: UnstructuredObject) => Promise<number>;

export async function promoteAll(
  call: Call,
  options: PromoteOptions,
  found: readonly Found[],
  failed: readonly unknown[],
): Promise<number> {
  const { around, flags } = call;
  const failures = [...failed];
  const one: One = flags.given('output') ? printer(call, options) : (live) => promote(call, options, live);
  const chosen = flags.text('selector') !== '';
  let code = 0;
  for (const { resource, object } of found) {
    const live = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind } as UnstructuredObject;
    const skipped = chosen ? whySkipped(live) : undefined;
    if (skipped !== undefined) around.errors.write(`${live.kind} ${keyOf(live)} is left where it is: ${skipped}\n`);
    else {
      try {
        code = Math.max(code, await one(live));
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (found.length === 0 && failures.length === 0) around.errors.write('No resources found\n');
  throwAll(failures);
  return code;
}

/** `-o`: the objects alone, as the reference prints them. */
function printer({ around, flags }: Call, options: PromoteOptions): One {
  const json = flags.text('output') === 'json';
  let first = true;
  return async (live) => {
    const { templates, policy } = await draft(options, live);
    for (const object of [...templates, ...(policy ? [policy] : [])]) {
      if (json) around.output.write(toJson(object));
      else around.output.write(`${first ? '' : '---\n'}${toYaml(object)}`);
      first = false;
    }
    return 0;
  };
}

async function promote(call: Call, options: PromoteOptions, live: UnstructuredObject): Promise<number> {
  const { around, flags } = call;
  const there = await standing(options, live);
  if (there) {
    around.errors.write(
      `Resource ${spokenPiece(there.resource, live)} already exist in karmada control plane, you can edit PropagationPolicy and OverridePolicy to propagate it\n`,
    );
    return 0;
  }
  const title = `${live.kind} ${keyOf(live)}`;
  const why = whyNotPromoted(live);
  if (why !== undefined) throw new CommandError(`${title} is not promoted: ${why}`);
  const promotion = await looked(call, options, live);
  const refusal = refusalOf(promotion, options, flags.on('allow-restart'));
  if (flags.on('dry-run')) return shown(call, promotion, refusal ?? (await policyObstacle(options.control, promotion)));
  if (refusal) throw new CommandError(`${title} is not promoted: ${refusal}`);
  for (const line of [...promotion.left, ...promotion.missing]) around.errors.write(`${line}\n`);
  await carryOut(options.control, promotion, (done) => around.output.write(`${lineOf(done)}\n`));
  around.output.write(`Resource ${spokenPiece(promotion.main.resource, live)} is promoted successfully\n`);
  return 0;
}

/** A namespace that the control plane lacks is the likeliest obstacle of a first promotion. */
async function looked({ around, flags }: Call, options: PromoteOptions, live: UnstructuredObject): Promise<Promotion> {
  try {
    return await look(options, live);
  } catch (error) {
    const { namespace } = live.metadata;
    if (!isReason(error, 'NotFound') || !(error as Error).message.startsWith('namespaces ')) throw error;
    throw new CommandError(
      `the control plane has no namespace ${namespace}; promote it first: ${around.program} promote namespace ${namespace} -C ${flags.text('cluster')}`,
    );
  }
}

function shown({ around, flags }: Call, promotion: Promotion, refusal: string | undefined): number {
  const paint: Colours = colours(around.output.interactive, around.environment);
  const end = refusal
    ? `Nothing was written. It would be refused: ${refusal}`
    : 'Nothing was written. Without --dry-run it is.';
  around.output.write(`${promotionReport(promotion, flags.text('cluster'), paint)}\n${paint.weak(end)}\n`);
  return refusal ? refusedCode : 0;
}

/** The first reason against it. */
function refusalOf({ main, companions, missing }: Promotion, { along }: PromoteOptions, mayRestart: boolean) {
  if (along === 'dependencies' && missing.length > 0)
    return `${missing.join('; ')}; make it in the cluster, or leave --dependencies out`;
  for (const { template, verdict } of [...companions, main]) {
    const title = `${template.kind} ${keyOf(template)}`;
    if (verdict.is === 'blocked') return `${title} cannot be taken over: ${verdict.reason}`;
    if (verdict.is !== 'restart' || mayRestart) continue;
    const fields = verdict.fields.map(({ path, managers }) =>
      managers[0] ? `${path} (owned by ${managers.join(', ')})` : path,
    );
    return `Pods of ${title} would be restarted or stopped for ${fields.join(', ')}; look with --dry-run, and allow it with --allow-restart`;
  }
  return undefined;
}

/** In the reference's words. */
function lineOf(done: Done): string {
  switch (done.is) {
    case 'companion':
      return `Dependency resource ${spoken(done.piece)} is promoted successfully`;
    case 'reverted':
      return `Dependency resource ${spoken(done.piece)} is reverted successfully`;
    case 'kept':
      return `Dependency resource ${spoken(done.piece)} is not reverted: ${done.why}; delete the template by hand once the cluster is to keep its own`;
    case 'template':
      return `ResourceTemplate (${keyOf(done.piece.template)}) is created successfully`;
    case 'policy': {
      const { kind, metadata } = done.policy;
      return `${kind} ${metadata.namespace ? `(${keyOf({ metadata })})` : metadata.name} is created successfully`;
    }
  }
}

const spoken = ({ resource, template }: Piece): string => spokenPiece(resource, template);
