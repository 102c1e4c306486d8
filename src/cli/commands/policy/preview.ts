/** `policy preview`: what policies would do before they are applied. Exit code 2: Pods would stop or restart, or worse. */
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { harmed } from '#migrate/preview/model.ts';
import { makePreview } from '#migrate/preview/preview.ts';
import { isPolicy } from '#migrate/preview/proposal.ts';
import type { Call } from '../../command.ts';
import { openCluster } from '../../connection/cluster.ts';
import { interpreterIn, kindsIn } from '../../connection/meaning.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError, throwAll } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { previewReport } from '../../output/preview-report.ts';
import { readManifests } from '../../targets/manifests.ts';
import { place } from '../../targets/place.ts';
import { namespaceIn, targetsOf } from '../../targets/words.ts';

const harmfulCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const [files, gone] = [flags.texts('filename'), flags.texts('delete')];
  if (words.length > 0 || files.length + gone.length === 0)
    throw new CommandError('which policies? give their file: policy preview -f policy.yaml, or --delete KIND/NAME');
  const given = [...files.map((file) => `-f ${file}`), ...(flags.on('recursive') ? ['-R'] : [])].join(' ');
  const session = await openSession(call);
  const deleted = await namedPolicies(session, gone);
  const { manifests, failures } = await readManifests(around, flags);
  throwAll(failures);
  const placed = await Promise.all(manifests.map((manifest) => place(session, manifest)));
  const other = placed.find(({ object }) => !isPolicy(object));
  if (other) {
    throw new CommandError(
      `${other.object.kind} in "${other.source}" is no policy: a preview is of PropagationPolicies, ClusterPropagationPolicies, OverridePolicies and ClusterOverridePolicies`,
    );
  }
  const kinds = await kindsIn(call, session);
  try {
    const preview = await makePreview({
      control: session,
      member: (cluster) => openCluster(call, session, cluster),
      interpreter: await interpreterIn(call, session),
      kindOf: kinds.kindOf,
      asked: placed.map(({ object }) => object),
      deleted,
      preemption: flags.on('preemption'),
    });
    if (output === 'json') around.output.write(toJson(preview));
    else if (output === 'yaml') around.output.write(toYaml(preview));
    else around.output.write(previewReport(preview, given, colours(around.output.interactive, around.environment)));
    const refused = preview.policies.some(({ is }) => is === 'refused');
    return refused || harmed(preview).length > 0 ? harmfulCode : 0;
  } finally {
    kinds.stop();
  }
}

/** `overridepolicy/web` of the session's namespace. Throws CommandError for what is no policy. */
async function namedPolicies(session: Session, words: readonly string[]): Promise<readonly KubeObject[]> {
  const targets = words.length > 0 ? await targetsOf(session.mapper, words) : [];
  return targets.flatMap(({ resource, names }) => {
    const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
    const policies = names.map((name) => ({
      ...type,
      metadata: { ...namespaceIn(resource, session.namespace), name },
    }));
    if (!policies.every(isPolicy) || policies.length === 0)
      throw new CommandError(
        `--delete ${words.join(',')}: name policies by KIND/NAME, as in --delete overridepolicy/web`,
      );
    return policies;
  });
}
