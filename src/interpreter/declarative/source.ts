/** Customizations as a source of meaning: read from an informer, compiled once, merged anew when one changes. */
import {
  type ResourceInterpreterCustomization,
  ResourceInterpreterCustomizationKind,
} from '#apis/config/customization.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { Affects } from '../changes.ts';
import type { InterpreterSource, KindInterpreter } from '../interpreter.ts';
import { mergeCustomizations, targetKey } from './merge.ts';
import { interpreterFromScripts, type ScriptWorld } from './scripts.ts';

const interpreterFor = ({ metadata, spec }: ResourceInterpreterCustomization, world: ScriptWorld): KindInterpreter =>
  interpreterFromScripts(
    spec.customizations,
    `ResourceInterpreterCustomization ${metadata.name ?? '(unnamed)'}`,
    world,
  );

/** Of customizations that do not change: those in files, or those there are at a moment. */
export function fixedSource(
  customizations: readonly ResourceInterpreterCustomization[],
  world: ScriptWorld,
): InterpreterSource {
  const byTarget = mergeCustomizations(customizations, (customization) => interpreterFor(customization, world));
  return (apiVersion, kind) => byTarget.get(targetKey(apiVersion, kind));
}

/** `changed` hears of each change which kinds mean something else now; not of what is there at the start. */
export function customizationSource(
  informers: InformerFactory,
  world: ScriptWorld,
  changed: (affects: Affects) => void,
): InterpreterSource {
  const informer = informers.informer<ResourceInterpreterCustomization>(ResourceInterpreterCustomizationKind);
  const interpreters = new WeakMap<ResourceInterpreterCustomization, KindInterpreter>();
  let byTarget: ReadonlyMap<string, KindInterpreter> | undefined;
  informer.onChange((change) => {
    const { object, old } = change;
    const known = old && interpreters.get(old);
    const same = old !== undefined && deepEqual(old.spec, object.spec);
    if (same && known) interpreters.set(object, known);
    byTarget = undefined;
    if (change.initial || same) return;
    const targets = new Set([object, ...(old ? [old] : [])].map(({ spec }) => keyOfTarget(spec)));
    changed((apiVersion, kind) => targets.has(targetKey(apiVersion, kind)));
  });

  const interpreterOf = (customization: ResourceInterpreterCustomization): KindInterpreter => {
    const known = interpreters.get(customization);
    if (known) return known;
    const made = interpreterFor(customization, world);
    interpreters.set(customization, made);
    return made;
  };

  return (apiVersion, kind) => {
    byTarget ??= mergeCustomizations(informer.list(), interpreterOf);
    return byTarget.get(targetKey(apiVersion, kind));
  };
}

const keyOfTarget = ({ target }: ResourceInterpreterCustomization['spec']) => targetKey(target.apiVersion, target.kind);
