/** The operations as `interpret` speaks of them: their names, what they are given, what they print, and what they are for. */
import { type InterpreterOperation, interpreterOperations, type OperationName } from '#apis/config/operations.ts';
import { CommandError } from '../failure.ts';

export const operationNames: readonly string[] = interpreterOperations.map(({ name }) => name);

/** In whatever case. Throws CommandError. */
export function operationNamed(text: string): InterpreterOperation {
  const found = interpreterOperations.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (found) return found;
  throw new CommandError(`operation ${text} is not supported. Use one of: ${operationNames.join(', ')}`);
}

/** Shown in the editor with --show-doc: what the script is for, and one that works. */
export const documents: Readonly<Record<OperationName, string>> = {
  Retain: `What a member's object keeps of its own when it is written.
function Retain(desiredObj, observedObj)
  desiredObj.spec.paused = observedObj.spec.paused
  return desiredObj
end`,
  InterpretReplica: `How many replicas the object asks for, and what one replica needs.
local kube = require("kube")
function GetReplicas(desiredObj)
  return desiredObj.spec.replicas, kube.accuratePodRequirements(desiredObj.spec.template)
end`,
  InterpretComponent: `The parts of an object that has several kinds of Pods.
local kube = require("kube")
function GetComponents(desiredObj)
  local workers = desiredObj.spec.workers
  return {
    { name = "worker", replicas = workers.replicas, replicaRequirements = kube.accuratePodRequirements(workers.template) },
  }
end`,
  ReviseReplica: `The object with this many replicas: what one cluster gets of it.
function ReviseReplica(desiredObj, desiredReplica)
  desiredObj.spec.replicas = desiredReplica
  return desiredObj
end`,
  InterpretStatus: `What of a member's status is collected.
function ReflectStatus(observedObj)
  return { readyReplicas = observedObj.status and observedObj.status.readyReplicas }
end`,
  AggregateStatus: `The object with one status made of those of all clusters; statusItems have clusterName, status and health.
function AggregateStatus(desiredObj, statusItems)
  local ready = 0
  for i = 1, #statusItems do
    ready = ready + (statusItems[i].status and statusItems[i].status.readyReplicas or 0)
  end
  desiredObj.status = { readyReplicas = ready }
  return desiredObj
end`,
  InterpretHealth: `Whether the object is healthy in its cluster: true or false.
function InterpretHealth(observedObj)
  return observedObj.status ~= nil and observedObj.status.readyReplicas == observedObj.spec.replicas
end`,
  InterpretDependency: `What the object needs where it runs.
local kube = require("kube")
function GetDependencies(desiredObj)
  return kube.getPodDependencies(desiredObj.spec.template, desiredObj.metadata.namespace)
end`,
};
