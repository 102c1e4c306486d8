/**
 * `authorizer.group('apps').resource('deployments').check('create').allowed()`: an expression asks what somebody may do.
 * Who answers is bound by whoever evaluates it.
 */

import { dns1123Label, dns1123Subdomain } from '../../names/validate.ts';
import { type CelType, celTypes } from '../types.ts';
import { CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type CelLibrary, declare, method } from './declare.ts';

export interface ResourceQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector: string;
  readonly labelSelector: string;
}

export interface AuthorizationAnswer {
  readonly allowed: boolean;
  readonly reason: string;
  /** Why there is no answer. */
  readonly error?: string;
}

/** What an `authorizer` variable is made of. */
export interface AuthorizerHook {
  readonly checkResource: (question: ResourceQuestion) => AuthorizationAnswer;
  readonly checkPath: (path: string, verb: string) => AuthorizationAnswer;
  /** The same questions about a service account. */
  readonly serviceAccount: (namespace: string, name: string) => AuthorizerHook;
}

/** Only functions look into these; upstream compares none of them, not even with itself. */
abstract class AuthorizationValue extends CelOpaque {
  equals(): CelError {
    return noSuchOverload;
  }
  text(): string {
    return '{}';
  }
}

class AuthorizerValue extends AuthorizationValue {
  readonly hook: AuthorizerHook;
  constructor(hook: AuthorizerHook) {
    super();
    this.hook = hook;
  }
  get type(): CelType {
    return celTypes.authorizer;
  }
}

class PathCheckValue extends AuthorizationValue {
  readonly hook: AuthorizerHook;
  readonly path: string;
  constructor(hook: AuthorizerHook, path: string) {
    super();
    this.hook = hook;
    this.path = path;
  }
  get type(): CelType {
    return celTypes.pathCheck;
  }
}

class GroupCheckValue extends AuthorizationValue {
  readonly hook: AuthorizerHook;
  readonly group: string;
  constructor(hook: AuthorizerHook, group: string) {
    super();
    this.hook = hook;
    this.group = group;
  }
  get type(): CelType {
    return celTypes.groupCheck;
  }
}

type Asked = Omit<ResourceQuestion, 'verb'>;

class ResourceCheckValue extends AuthorizationValue {
  readonly hook: AuthorizerHook;
  readonly asked: Asked;
  constructor(hook: AuthorizerHook, asked: Asked) {
    super();
    this.hook = hook;
    this.asked = asked;
  }
  get type(): CelType {
    return celTypes.resourceCheck;
  }
}

class DecisionValue extends AuthorizationValue {
  readonly answer: AuthorizationAnswer;
  constructor(answer: AuthorizationAnswer) {
    super();
    this.answer = answer;
  }
  get type(): CelType {
    return celTypes.decision;
  }
}

export const celAuthorizer = (hook: AuthorizerHook): CelValue => new AuthorizerValue(hook);

const nothingMore = { subresource: '', namespace: '', name: '', fieldSelector: '', labelSelector: '' };

/** `authorizer.requestResource`: the check for what a request is about. */
export const celResourceCheck = (
  hook: AuthorizerHook,
  about: Pick<ResourceQuestion, 'group' | 'resource'> & Partial<Asked>,
): CelValue => new ResourceCheckValue(hook, { ...nothingMore, ...about });

const { authorizer, pathCheck, groupCheck, resourceCheck, decision, bool, string } = celTypes;

const path = ({ hook }: AuthorizerValue, text: string): Evaluated =>
  text.trim() === '' ? new CelError('path must not be empty') : new PathCheckValue(hook, text);

const resource = ({ hook, group }: GroupCheckValue, name: string): Evaluated =>
  name.trim() === ''
    ? new CelError('resource must not be empty')
    : new ResourceCheckValue(hook, { ...nothingMore, group, resource: name });

function serviceAccount({ hook }: AuthorizerValue, namespace: string, name: string): Evaluated {
  if (dns1123Subdomain(name).length > 0) return new CelError('Invalid service account name');
  if (dns1123Label(namespace).length > 0) return new CelError('Invalid service account namespace');
  return new AuthorizerValue(hook.serviceAccount(namespace, name));
}

const narrow = (name: string, id: string, field: keyof Asked) =>
  declare(
    name,
    method(
      id,
      [resourceCheck, string],
      resourceCheck,
      ({ hook, asked }: ResourceCheckValue, value: string) =>
        new ResourceCheckValue(hook, { ...asked, [field]: value }),
    ),
  );

const read = (name: string, type: CelType, of: (answer: AuthorizationAnswer) => CelValue) =>
  declare(
    name,
    method(`decision_${name}`, [decision], type, ({ answer }: DecisionValue) => of(answer)),
  );

export const authorization: CelLibrary = {
  functions: [
    declare('path', method('authorizer_path', [authorizer, string], pathCheck, path)),
    declare(
      'group',
      method(
        'authorizer_group',
        [authorizer, string],
        groupCheck,
        ({ hook }: AuthorizerValue, group: string) => new GroupCheckValue(hook, group),
      ),
    ),
    declare(
      'serviceAccount',
      method('authorizer_serviceaccount', [authorizer, string, string], authorizer, serviceAccount),
    ),
    declare('resource', method('groupcheck_resource', [groupCheck, string], resourceCheck, resource)),
    narrow('subresource', 'resourcecheck_subresource', 'subresource'),
    narrow('namespace', 'resourcecheck_namespace', 'namespace'),
    narrow('name', 'resourcecheck_name', 'name'),
    declare(
      'check',
      method(
        'pathcheck_check',
        [pathCheck, string],
        decision,
        ({ hook, path: asked }: PathCheckValue, verb: string) => new DecisionValue(hook.checkPath(asked, verb)),
      ),
      method(
        'resourcecheck_check',
        [resourceCheck, string],
        decision,
        ({ hook, asked }: ResourceCheckValue, verb: string) =>
          new DecisionValue(hook.checkResource({ ...asked, verb })),
      ),
    ),
    read('errored', bool, ({ error }) => error !== undefined),
    read('error', string, ({ error }) => error ?? ''),
    read('allowed', bool, ({ allowed }) => allowed),
    read('reason', string, ({ reason }) => reason),
    narrow('fieldSelector', 'authorizer_fieldselector', 'fieldSelector'),
    narrow('labelSelector', 'authorizer_labelselector', 'labelSelector'),
  ],
};
