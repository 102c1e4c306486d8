/** `migrate verify`: is everything as it was, and under management? Exit code 2: it is not. */
import { resolve } from 'node:path';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { readPlan } from '#migrate/directory/directory.ts';
import { readEvidence, writeEvidence } from '#migrate/evidence/store.ts';
import { takeEvidence } from '#migrate/evidence/take.ts';
import { isAdopted } from '#migrate/model.ts';
import { verificationPage } from '#migrate/verify/page.ts';
import { bindingsByTemplate } from '#migrate/verify/standing.ts';
import { verification } from '#migrate/verify/verify.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Call } from '../../command.ts';
import { openCluster } from '../../connection/cluster.ts';
import { openSession } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { liveLine } from '../../output/progress.ts';
import { verificationReport } from '../../output/verification-report.ts';

const differsCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const [given, ...more] = words;
  if (given === undefined || more.length > 0) throw new CommandError('which plan? give one folder: migrate verify DIR');
  const folder = resolve(given);
  const plan = await readPlan(around.disk, folder);
  const before = await readEvidence(around.disk, folder, 'before');
  if (!before)
    throw new CommandError(
      `${given} has no evidence of how it was before: migrate apply takes it; nothing was applied from here yet`,
    );
  const controlPlane = await openSession(call);
  const cluster = await openCluster(call, controlPlane, plan.spec.from.cluster);
  const line = liveLine(around);
  const after = await takeEvidence({
    source: { ...cluster, cluster: cluster.name },
    objects: plan.objects.filter(isAdopted),
    clock: around.clock,
    progress: (done, total) => line.show(`looking at ${cluster.name}: ${done} of ${total}`),
  });
  const bindings = bindingsByTemplate(await bindingsIn(controlPlane.client));
  line.clear();
  const result = verification({ plan, before, after, bindings, sha256: (text) => sha256(text).toString('hex') });
  await writeEvidence(around.disk, folder, 'after', after);
  await around.disk.write(`${folder}/evidence/report.html`, verificationPage(result, after), { mode: 0o644 });
  if (output === 'json') around.output.write(toJson(result));
  else if (output === 'yaml') around.output.write(toYaml(result));
  else around.output.write(verificationReport(result, given, colours(around.output.interactive, around.environment)));
  return result.proven ? 0 : differsCode;
}

const bindingsIn = async (client: ApiClient): Promise<readonly Binding[]> =>
  (await Promise.all(bindingKinds.map((kind) => listAll(client, kind as TypedResource<Binding>)))).flat();
