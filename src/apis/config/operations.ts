/** What can be asked of a template's meaning, by the reference's names: the one table of interpreter operations. */

/**
 * In the order `flotilla interpret` lists them. `call` is the interpreter's function here, `customization` the field of
 * a ResourceInterpreterCustomization, `script` the Lua function in it (compatibility.md section 6.2).
 */
export const interpreterOperations = [
  { name: 'Retain', call: 'retain', customization: 'retention', script: 'Retain' },
  { name: 'InterpretReplica', call: 'getReplicas', customization: 'replicaResource', script: 'GetReplicas' },
  { name: 'InterpretComponent', call: 'getComponents', customization: 'componentResource', script: 'GetComponents' },
  { name: 'ReviseReplica', call: 'reviseReplica', customization: 'replicaRevision', script: 'ReviseReplica' },
  { name: 'InterpretStatus', call: 'reflectStatus', customization: 'statusReflection', script: 'ReflectStatus' },
  { name: 'AggregateStatus', call: 'aggregateStatus', customization: 'statusAggregation', script: 'AggregateStatus' },
  {
    name: 'InterpretHealth',
    call: 'interpretHealth',
    customization: 'healthInterpretation',
    script: 'InterpretHealth',
  },
  {
    name: 'InterpretDependency',
    call: 'getDependencies',
    customization: 'dependencyInterpretation',
    script: 'GetDependencies',
  },
] as const;

export type InterpreterOperation = (typeof interpreterOperations)[number];
export type OperationName = InterpreterOperation['name'];
