/** `api-resources` and `api-versions`: what the server serves. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { apiVersionOf, groupResource } from '#kube/meta/kind.ts';
import type { Call } from '../command.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { alignColumns } from '../output/columns.ts';

const formats = ['', 'wide', 'name'];

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const output = flags.text('output');
  if (!formats.includes(output)) throw new CommandError(`--output ${output} is not available: wide and name are`);
  const { mapper } = await openSession(call);
  const verbs = flags.texts('verbs');
  const shown = (await mapper.preferred())
    .filter((resource) => !flags.given('namespaced') || resource.namespaced === flags.on('namespaced'))
    .filter((resource) => !flags.given('api-group') || resource.group === flags.text('api-group'))
    .filter((resource) => verbs.every((verb) => resource.verbs.includes(verb)))
    // What has no verbs is there for its subresources only.
    .filter((resource) => resource.verbs.length > 0)
    .sort(byGroupThenName);
  if (output === 'name') around.output.write(shown.map((each) => `${groupResource(each)}\n`).join(''));
  else {
    const wide = output === 'wide';
    const headers = [
      'NAME',
      'SHORTNAMES',
      'APIVERSION',
      'NAMESPACED',
      'KIND',
      ...(wide ? ['VERBS', 'CATEGORIES'] : []),
    ];
    const lines = shown.map((each) => cells(each, wide));
    around.output.write(alignColumns(flags.on('no-headers') ? lines : [headers, ...lines]));
  }
  const away = mapper.unavailable();
  if (away.length === 0) return 0;
  throw new CommandError(`unable to retrieve the complete list of server APIs: ${away.join(', ')}`);
}

const cells = (resource: DiscoveredResource, wide: boolean): readonly string[] => [
  resource.resource,
  resource.shortNames.join(','),
  apiVersionOf(resource),
  String(resource.namespaced),
  resource.kind,
  ...(wide ? [resource.verbs.join(','), resource.categories.join(',')] : []),
];

const byGroupThenName = (a: DiscoveredResource, b: DiscoveredResource): number =>
  order(a.group, b.group) || order(a.resource, b.resource);

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

export async function versions(call: Call): Promise<number> {
  const { mapper } = await openSession(call);
  const all = new Set((await mapper.resources()).map(apiVersionOf));
  call.around.output.write(
    [...all]
      .sort()
      .map((version) => `${version}\n`)
      .join(''),
  );
  return 0;
}
