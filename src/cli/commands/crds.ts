/** `crds`: manifests for an API server that is not ours, ready for `kubectl apply`. */
import { toYaml } from '#kube/yaml/yaml.ts';
import { systemRandom } from '#world/random/system.ts';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';

export async function run({ around, flags }: Call): Promise<number> {
  const { customResourceDefinitions, foreignWebhooks, systemNamespaces } = await import('#app/crds.ts');
  const url = flags.text('webhook-url').replace(/\/+$/, '');
  const file = flags.text('ca-bundle');
  if (url !== '' && !/^https:\/\/[^/]/.test(url))
    throw new CommandError(`--webhook-url must be an https URL, not "${url}": API servers call webhooks over TLS only`);
  if (file !== '' && url === '') throw new CommandError('--ca-bundle goes with --webhook-url');
  const pem = file === '' ? undefined : await around.disk.readText(file);
  if (file !== '' && pem === undefined) throw new CommandError(`stat ${file}: no such file or directory`);
  if (pem !== undefined && !pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new CommandError(`${file} holds no PEM certificate`);
  const caBundle = pem === undefined ? {} : { caBundle: new TextEncoder().encode(pem).toBase64() };
  const objects = [
    ...systemNamespaces(),
    ...customResourceDefinitions(),
    ...(url === '' ? [] : foreignWebhooks({ url, ...caBundle }, systemRandom)),
  ];
  around.output.write(
    objects.map(({ object, remark }) => `---\n${remark ? `# ${remark}\n` : ''}${toYaml(object)}`).join(''),
  );
  return 0;
}
