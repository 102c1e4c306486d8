import { describe, expect, it } from 'vitest';
import type { ApiClient } from '#client/api-client.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { validateCustomization } from './customization.ts';

const health = { luaScript: 'function InterpretHealth(o)\n  return true\nend' };
const target = { apiVersion: 'example.io/v1', kind: 'Workload' };

const customization = (name: string, customizations: object, of: object = target) => ({
  apiVersion: 'config.karmada.io/v1alpha1',
  kind: 'ResourceInterpreterCustomization',
  metadata: { name },
  spec: { target: of, customizations },
});

async function ask(object: object, ...others: readonly object[]) {
  const client = { resource: () => ({ list: async () => ({ items: others }) }) } as unknown as ApiClient;
  return validateCustomization(() => client)({ object } as unknown as AdmissionRequest);
}

describe('ResourceInterpreterCustomization', () => {
  it.each<[string, object, readonly object[]]>([
    ['alone', customization('a', { healthInterpretation: health }), []],
    [
      'its own earlier self',
      customization('a', { healthInterpretation: health }),
      [customization('a', { healthInterpretation: health })],
    ],
    [
      'another operation',
      customization('a', { healthInterpretation: health }),
      [customization('b', { retention: health })],
    ],
    [
      'another kind',
      customization('a', { healthInterpretation: health }),
      [customization('b', { healthInterpretation: health }, { ...target, kind: 'Other' })],
    ],
    [
      'another version',
      customization('a', { healthInterpretation: health }),
      [customization('b', { healthInterpretation: health }, { ...target, apiVersion: 'example.io/v2' })],
    ],
    [
      'an empty script',
      customization('a', { healthInterpretation: health }),
      [customization('b', { healthInterpretation: { luaScript: '' } })],
    ],
    ['nothing to say', customization('a', {}), []],
  ])('beside %s is taken', async (_, object, others) => {
    expect(await ask(object, ...others)).toEqual({ allowed: true });
  });

  it('may tell dependencies with others', async () => {
    const dependencyInterpretation = { luaScript: 'function GetDependencies(o) return {} end' };
    expect(
      await ask(customization('a', { dependencyInterpretation }), customization('b', { dependencyInterpretation })),
    ).toEqual({ allowed: true });
  });

  it('may not tell what another tells of the kind', async () => {
    expect(
      await ask(
        customization('a', { healthInterpretation: health }),
        customization('b', { healthInterpretation: health }),
      ),
    ).toMatchObject({
      allowed: false,
      code: 403,
      message:
        'spec.customizations.healthInterpretation.luaScript: conflicting with InterpreterOperation(InterpretHealth) of existing ResourceInterpreterCustomization(b)',
    });
  });

  it.each<[object, string]>([
    [customization('a', {}, { apiVersion: '', kind: 'Workload' }), 'spec.target.apiVersion: Required value'],
    [customization('a', {}, { apiVersion: 'v1', kind: '' }), 'spec.target.kind: Required value'],
    [
      customization('a', { retention: { luaScript: 'function Retain(a, b)\n  return ==\nend' } }),
      "spec.customizations.retention.luaScript: InterpreterOperation(Retain) Lua script error: Retain line:2(column:10) near '==':",
    ],
  ])('%# is refused', async (object, why) => {
    expect(await ask(object)).toMatchObject({ allowed: false, message: expect.stringContaining(why) });
  });

  it('is refused while nobody can tell what others say', async () => {
    const client = async () => Promise.reject(new Error('no kubeconfig'));
    const object = customization('a', { healthInterpretation: health });
    expect(await validateCustomization(client)({ object } as unknown as AdmissionRequest)).toMatchObject({
      allowed: false,
      code: 500,
      message: 'whether another customization says the same cannot be told: no kubeconfig',
    });
  });

  it.each<[string, string]>([
    ['x = 1', 'spec.customizations.retention.luaScript: the script defines no function Retain'],
    [
      'error("no luck")',
      'spec.customizations.retention.luaScript: the script fails before it is called: Retain:1: no luck',
    ],
    ['while true do end', 'spec.customizations.retention.luaScript: the script fails before it is called: '],
  ])('with the script %j is taken with a warning', async (luaScript, warning) => {
    expect(await ask(customization('a', { retention: { luaScript } }))).toEqual({
      allowed: true,
      warnings: [expect.stringContaining(warning)],
    });
  });
});
