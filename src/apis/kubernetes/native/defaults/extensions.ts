/** CustomResourceDefinitions: names from the kind, no conversion. Device requests: exactly one device. */
import { type Fields, fieldsOf, isFields, itemsOf, textOf, withField } from '../value.ts';

function definition(value: Fields): Fields {
  const status = fieldsOf(value.status);
  if (itemsOf(status.storedVersions).length > 0) return value;
  const stored = itemsOf(fieldsOf(value.spec).versions).find(
    (version) => isFields(version) && version.storage === true,
  );
  return stored === undefined ? value : { ...value, status: { ...status, storedVersions: [textOf(stored.name)] } };
}

function definitionSpec(spec: Fields): Fields {
  const names = fieldsOf(spec.names);
  const kind = textOf(names.kind);
  let next = names;
  if (!names.singular && kind) next = withField(next, 'singular', kind.toLowerCase());
  if (!names.listKind && kind) next = withField(next, 'listKind', `${kind}List`);
  const named = next === names ? spec : { ...spec, names: next };
  return isFields(named.conversion) ? named : { ...named, conversion: { strategy: 'None' } };
}

function deviceRequest(value: Fields): Fields {
  const mode = value.allocationMode || 'ExactCount';
  return mode === 'ExactCount' && !value.count ? { ...value, count: 1 } : value;
}

export const extensionRules = {
  'apiextensions.k8s.io/v1.CustomResourceDefinition': definition,
  'apiextensions.k8s.io/v1.CustomResourceDefinitionSpec': definitionSpec,
  'resource.k8s.io/v1.ExactDeviceRequest': deviceRequest,
  'resource.k8s.io/v1.DeviceSubRequest': deviceRequest,
};
