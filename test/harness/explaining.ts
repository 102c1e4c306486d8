/** `why` and `policy preview` on a flow of the tests, as the commands ask them. */
import { knownKind } from '#app/kinds.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { type Interpreter, interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import type { Preview } from '#migrate/preview/model.ts';
import { makePreview, type PreviewOptions } from '#migrate/preview/preview.ts';
import { why } from '#migrate/why/gather.ts';
import type { Why } from '#migrate/why/story.ts';
import type { Flow } from './flow.ts';
import type { Anything } from './kubectl.ts';

/** What a test's commands read with. */
const readingOf = ({ control, member, clock }: Flow) => {
  const source = (client: Flow['control']) => ({ client, mapper: restMapper(client, { clock }) });
  return {
    control: source(control),
    member: async (name: string) => source(member(name)),
    interpreter: interpreterOf([nativeSource]),
    kindOf: (gvk: Parameters<typeof knownKind>[0]) => knownKind(gvk)!,
  };
};

export async function whyOf(
  flow: Flow,
  type: string,
  name: string,
  namespace = 'default',
  cluster?: string,
): Promise<Why> {
  const reading = readingOf(flow);
  return flow.drive(
    (async () => {
      const resource = await reading.control.mapper.resolve(type);
      return why({
        ...reading,
        resource,
        ...(resource.namespaced ? { namespace } : {}),
        name,
        ...(cluster ? { cluster } : {}),
      });
    })(),
  );
}

export const previewOn = (flow: Flow, asked: Anything, interpreter?: Interpreter): Promise<Preview> =>
  previewOf(flow, { asked: [asked] }, interpreter);

/** Of several policies, those that would be deleted among them. */
export const previewOf = (
  flow: Flow,
  policies: { readonly asked?: readonly Anything[]; readonly deleted?: readonly Anything[] },
  interpreter?: Interpreter,
): Promise<Preview> =>
  flow.drive(
    makePreview({
      ...readingOf(flow),
      ...(interpreter ? { interpreter } : {}),
      asked: [],
      ...policies,
      preemption: true,
    } as PreviewOptions),
  );
