/**
 * Mistakes, and what is said of them: by the server in the same words whoever asks, by each program of its own where it
 * finds the mistake itself.
 */
import { longName } from './files.ts';

export interface Mistake {
  /** After the program's name; run in a folder that holds the files. */
  readonly command: string;
  readonly input?: string;
  /** On standard error, whole, or the parts that matter; absent where only ours is told apart by words. */
  readonly kubectl?: string | RegExp;
  /** The same as kubectl's where absent. */
  readonly flotilla?: string | RegExp;
  /** ConfigMaps that are made all the same: what is good is not held up by what is bad. */
  readonly makes?: readonly string[];
  /** kubectl reads a file document by document, ours reads it whole before it writes. */
  readonly kubectlMakes?: readonly string[];
}

const unclosed = 'a list [...] or a map {...} is not closed, or a comma between its entries is missing';
const rfc1123 =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const parsing = (file: string, why: string) =>
  `error: error parsing ${file}: error converting YAML to JSON: yaml: ${why}\n`;
const creating = (reason: string, file: string, why: string) =>
  `Error from server (${reason}): error when creating "${file}": ${why}\n`;
const invalid = (kind: string, name: string, ...causes: readonly string[]) =>
  `The ${kind} "${name}" is invalid: ${causes.length === 1 ? causes[0] : `\n${causes.map((each) => `* ${each}`).join('\n')}`}\n`;

export const unreadable: readonly Mistake[] = [
  { command: 'apply -f empty.yaml', kubectl: 'error: no objects passed to apply\n' },
  { command: 'apply -f comment.yaml', kubectl: 'error: no objects passed to apply\n' },
  { command: 'create -f empty.yaml', kubectl: 'error: no objects passed to create\n' },
  { command: 'apply -f -', kubectl: 'error: no objects passed to apply\n' },
  { command: 'apply -f - <&-', kubectl: 'error: no objects passed to apply\n' },
  { command: 'apply -f missing.yaml', kubectl: 'error: the path "missing.yaml" does not exist\n' },
  {
    command: 'apply -f folder-of-texts',
    kubectl: 'error: error reading [folder-of-texts]: recognized file extensions are [.json .yaml .yml]\n',
  },
  {
    command: 'apply -f unclosed.yaml',
    kubectl: /^error: error parsing unclosed\.yaml: .*yaml: line 1: did not find expected/,
    flotilla: parsing('unclosed.yaml', `line 2: ${unclosed}`),
  },
  {
    command: 'apply -f tab.yaml',
    kubectl: /line 2: found a tab character/,
    flotilla: parsing('tab.yaml', 'line 2: tab characters must not be used in indentation'),
  },
  {
    command: 'apply -f binary.yaml',
    kubectl: /^error: error parsing binary\.yaml: /,
    flotilla: /^error: error parsing binary\.yaml: .*control characters are not allowed\n$/,
  },
  { command: 'apply -f bomb.yaml', kubectl: parsing('bomb.yaml', 'document contains excessive aliasing') },
  {
    command: 'apply -f large.yaml',
    kubectl: creating('RequestEntityTooLarge', 'large.yaml', 'Request entity too large: limit is 3145728'),
  },
  {
    command: 'apply -f scalar.yaml',
    kubectl: /^error: error validating "scalar\.yaml": error validating data: /,
    flotilla: /: \[apiVersion not set, kind not set\]; /,
  },
  {
    command: 'apply -f no-kind.yaml',
    kubectl: /^error: error validating "no-kind\.yaml": error validating data: kind not set; /,
  },
  {
    command: 'apply -f one-unreadable.yaml',
    kubectl: /^error: error parsing one-unreadable\.yaml: /,
    flotilla: parsing('one-unreadable.yaml', `line 8: ${unclosed}`),
    kubectlMakes: ['first'],
  },
  {
    command: 'apply -f no-such-kind.yaml -f list.yaml',
    kubectl: `error: resource mapping not found for name: "a" namespace: "" from "no-such-kind.yaml": no matches for kind "Deploymen" in version "apps/v1"\nensure CRDs are installed first\n`,
    makes: ['first', 'last'],
  },
];

export const refused: readonly Mistake[] = [
  {
    command: 'apply -f no-name.yaml',
    kubectl: /resource name may not be empty\n$/,
    flotilla: 'error: error in "no-name.yaml": resource name may not be empty\n',
  },
  {
    command: 'apply -f no-namespace.yaml',
    kubectl: creating('NotFound', 'no-namespace.yaml', 'namespaces "nowhere" not found'),
  },
  {
    command: 'apply -f one-bad-name.yaml',
    kubectl: invalid('ConfigMap', 'Not_A_Name', `metadata.name: Invalid value: "Not_A_Name": ${rfc1123}`),
    makes: ['first', 'last'],
  },
  {
    command: 'apply -f long.yaml',
    kubectl: invalid(
      'ConfigMap',
      longName,
      `metadata.name: Invalid value: "${longName}": must be no more than 253 characters`,
    ),
  },
  {
    command: 'apply -f unknown-fields.yaml',
    kubectl: creating(
      'BadRequest',
      'unknown-fields.yaml',
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "spec.template.spec.containers[0].imagePolicy"',
    ),
  },
  {
    command: 'apply -f wrong-type.yaml',
    kubectl: creating(
      'BadRequest',
      'wrong-type.yaml',
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ),
  },
  {
    command: 'apply --server-side -f wrong-type.yaml',
    kubectl: /\.spec\.replicas: expected numeric \(int or float\), got string\n$/,
  },
  {
    command: 'apply -f no-selectors.yaml',
    kubectl: invalid('PropagationPolicy', 'mistaken', 'spec.resourceSelectors: Required value'),
  },
  {
    command: 'apply -f empty-selectors.yaml',
    kubectl: invalid(
      'PropagationPolicy',
      'mistaken',
      'spec.resourceSelectors: Invalid value: 0: spec.resourceSelectors in body should have at least 1 items',
    ),
  },
  {
    command: 'apply -f scalar-selectors.yaml',
    kubectl: invalid(
      'PropagationPolicy',
      'mistaken',
      'spec.resourceSelectors: Invalid value: "string": spec.resourceSelectors in body must be of type array: "string"',
    ),
  },
  {
    command: 'apply -f no-such-resolution.yaml',
    kubectl: invalid(
      'PropagationPolicy',
      'mistaken',
      'spec.conflictResolution: Unsupported value: "Maybe": supported values: "Abort", "Overwrite"',
    ),
  },
  {
    command: 'apply -f unknown-placement.yaml',
    kubectl: /strict decoding error: unknown field "spec\.placement\.clusters"\n$/,
  },
  { command: 'apply -f two-affinities.yaml', kubectl: /clusterAffinities cannot co-exist with clusterAffinity\n$/ },
  {
    command: 'apply -f cluster.yaml',
    kubectl: invalid(
      'Cluster',
      'c'.repeat(49),
      `metadata.name: Invalid value: "${'c'.repeat(49)}": must be no more than 48 characters`,
      'spec.syncMode: Unsupported value: "Pusch": supported values: "Push", "Pull"',
      'spec.apiEndpoint: Invalid value: "127.0.0.1:9": must be a valid http or https URL',
    ),
  },
  { command: 'apply -f work.yaml', kubectl: /spec\.workload\.manifests\[0\]: .*Object 'Kind' is missing\n$/ },
  { command: 'replace -f no-namespace.yaml', kubectl: /configmaps "a" not found\n$/ },
  {
    command: 'create -f standing.yaml',
    kubectl: creating('AlreadyExists', 'standing.yaml', 'configmaps "standing" already exists'),
  },
  { command: 'label cm standing a=c', kubectl: "error: 'a' already has a value (b), and --overwrite is false\n" },
  {
    command: `label cm standing 'a b=c'`,
    kubectl: /^The ConfigMap "standing" is invalid: metadata\.labels: Invalid value: "a b"/,
  },
  { command: 'patch cm standing -p []', kubectl: /^Error from server \(BadRequest\): json: cannot unmarshal array / },
  {
    command: `patch cm standing -p '{bad'`,
    kubectl: /^Error from server \(BadRequest\): /,
    flotilla: /^error: unable to parse "\{bad": yaml: /,
  },
];

export const misspoken: readonly Mistake[] = [
  { command: 'get deploymen', kubectl: `error: the server doesn't have a resource type "deploymen"\n` },
  { command: 'get cm nothing', kubectl: 'Error from server (NotFound): configmaps "nothing" not found\n' },
  { command: 'get a/b/c', kubectl: 'error: arguments in resource/name form may not have more than one slash\n' },
  { command: 'delete cm', kubectl: 'error: resource(s) were provided, but no name was specified\n' },
  { command: 'delete ns nowhere', kubectl: 'Error from server (NotFound): namespaces "nowhere" not found\n' },
  { command: `get cm -l 'a in'`, kubectl: /unable to parse requirement: found '' expected: '\('\n$/ },
  {
    command: 'get cm -o odd',
    kubectl: /^error: unable to match a printer suitable for the output format "odd", allowed formats are: /,
  },
  {
    command: 'get cm --all-namespace',
    kubectl: /unknown flag: --all-namespace\nSee 'kubectl get --help' for usage\.\n$/,
    flotilla: `error: unknown flag: --all-namespace\n\nDid you mean this?\n\t--all-namespaces\n\nSee 'flotilla get --help' for usage.\n`,
  },
  {
    command: 'aply -f list.yaml',
    flotilla: `error: unknown command "aply" for "flotilla"\n\nDid you mean this?\n\tapply\n\nRun 'flotilla --help' for usage.\n`,
  },
  {
    command: 'get cm --context nowhere',
    kubectl: /context was not found|does not exist/,
    flotilla: /^error: no context exists with the name: "nowhere"; there are: /,
  },
  { command: 'get cm --kubeconfig missing', kubectl: 'error: stat missing: no such file or directory\n' },
  {
    command: 'get cm --kubeconfig no-config.yaml',
    kubectl: /no kind "ConfigMap" is registered/,
    flotilla: `error: error loading kubeconfig no-config.yaml: its kind is "ConfigMap", not Config\n`,
  },
  {
    command: 'get cm --kubeconfig binary.yaml',
    kubectl: /^error: error loading config file "binary\.yaml"/,
    flotilla: /^error: error loading kubeconfig binary\.yaml: it is not YAML: /,
  },
  {
    command: 'get cm --kubeconfig folder-of-texts',
    kubectl: /is a directory\n$/,
    flotilla: 'error: error loading kubeconfig folder-of-texts: it is a directory\n',
  },
  {
    command: 'get cm --kubeconfig empty.yaml',
    flotilla:
      'error: no cluster is configured in empty.yaml: run "flotilla up", which writes one, or give --kubeconfig\n',
  },
  {
    command: 'get cm --kubeconfig silent.config',
    kubectl: /The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?\n$/,
  },
];

/** Of what kubectl has no command for. */
export const ours: readonly Mistake[] = [
  { command: 'join', flotilla: 'error: cluster name is required\n' },
  { command: 'join far', flotilla: /^error: which cluster\? give --cluster-kubeconfig FILE/ },
  { command: 'join far --cluster-kubeconfig missing', flotilla: 'error: stat missing: no such file or directory\n' },
  { command: 'join far --cluster-kubeconfig no-config.yaml', flotilla: /its kind is "ConfigMap", not Config\n$/ },
  {
    command: 'join far --cluster-kubeconfig silent.config',
    flotilla: /^The connection to the server 127\.0\.0\.1:1 was refused/,
  },
  {
    command: `join ${'c'.repeat(49)} --cluster-kubeconfig silent.config`,
    flotilla: /must be no more than 48 characters/,
  },
  {
    command: 'unjoin nowhere',
    flotilla: 'Error from server (NotFound): clusters.cluster.karmada.io "nowhere" not found\n',
  },
  {
    command: 'cordon nowhere',
    flotilla: 'Error from server (NotFound): clusters.cluster.karmada.io "nowhere" not found\n',
  },
  { command: 'taint clusters member1 odd', flotilla: 'error: at least one taint update is required\n' },
];
