/** `up`: everything in one process, in the foreground or detached. */
import { resolve } from 'node:path';
import type { Call } from '../command.ts';
import { CommandError } from '../failure.ts';
import { hintLines } from '../output/hints.ts';
import { progressLines } from '../output/progress.ts';

const highestPort = 65_535;

export async function run(call: Call): Promise<number> {
  const { around, args, flags, words } = call;
  if (words.length > 0) throw new CommandError(`up takes no arguments, only flags: "${words.join(' ')}"`);
  const { mostMembers } = await import('#app/up/places.ts');
  const members = flags.number('members');
  if (members < 0 || members > mostMembers)
    throw new CommandError(`--members must be from 0 to ${mostMembers}, not ${members}`);
  const port = flags.given('port') ? flags.number('port') : undefined;
  if (port !== undefined && (port < 1 || port > highestPort))
    throw new CommandError(`--port must be from 1 to ${highestPort}, not ${port}`);
  const { runUp, startDetached } = await import('#app/up/commands.ts');
  const places = await import('#app/up/places.ts');
  const request = {
    members,
    dataDirectory: resolve(flags.text('data-dir') || places.defaultDataDirectory()),
    kubeconfigFolder: resolve(flags.text('kubeconfig-dir') || places.defaultKubeconfigFolder()),
    demo: flags.on('demo'),
    ephemeral: flags.on('ephemeral'),
    ...(port === undefined ? {} : { port }),
    ...auditOf(call),
    callers: callersOf(call),
    componentFlags: await componentFlagsOf(call),
  };
  const progress = progressLines(around);
  if (!flags.on('detach')) return runUp(request, progress);
  const { record, already } = await startDetached(request, ['up', ...withoutDetach(args)]);
  if (already) progress.note(`It runs already: process ${record.pid}, data directory ${request.dataDirectory}`);
  else {
    const clusters = `Control plane and ${members} member ${members === 1 ? 'cluster' : 'clusters'}`;
    progress.done(`${clusters} ${record.held ? 'serve their APIs' : 'are Ready'}`);
    for (const each of record.held ?? []) progress.note(each);
  }
  for (const line of hintLines(record.kubeconfigFolder, record.contexts)) progress.note(line);
  return 0;
}

const withoutDetach = (args: readonly string[]) =>
  args.filter((arg) => arg !== '-d' && arg !== '--detach' && !arg.startsWith('--detach='));

/** Throws CommandError for a log without a policy and a policy without a log. */
function auditOf({ flags }: Call) {
  const [policyFile, logPath] = [flags.text('audit-policy-file'), flags.text('audit-log-path')];
  if (!policyFile && !logPath) return {};
  if (!logPath) throw new CommandError('--audit-policy-file needs --audit-log-path: where events are to be written');
  if (!policyFile) throw new CommandError('--audit-log-path needs --audit-policy-file: what is to be recorded');
  const number = (name: string) => {
    const value = flags.number(name);
    if (value < 0) throw new CommandError(`--${name} must not be negative, not ${value}`);
    return value;
  };
  const audit = {
    policyFile: resolve(policyFile),
    logPath: resolve(logPath),
    maxSize: number('audit-log-maxsize'),
    maxAge: number('audit-log-maxage'),
    maxBackup: number('audit-log-maxbackup'),
  };
  return { audit };
}

function callersOf({ flags }: Call) {
  const anonymous = flags.on('anonymous-auth');
  const issuer = flags.text('service-account-issuer');
  if (!issuer) return { anonymous };
  if (!URL.canParse(issuer) || !issuer.startsWith('https://'))
    throw new CommandError(`--service-account-issuer must be an https URL, not ${JSON.stringify(issuer)}`);
  return { anonymous, issuer };
}

/** As they become part of the components' commands. Throws CommandError for flags a component would not understand. */
async function componentFlagsOf({ flags }: Call) {
  const { parseComponentFlags } = await import('#app/components/flags.ts');
  const gates = flags.texts('feature-gates');
  const common = gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : [];
  const of = (name: Parameters<typeof parseComponentFlags>[0], flag: string) => {
    const given = [...common, ...flags.text(flag).split(/\s+/).filter(Boolean)];
    const parsed = parseComponentFlags(name, given);
    if ('error' in parsed) throw new CommandError(`${name}: ${parsed.error}`);
    const bare = given.find((word) => !word.startsWith('--'));
    if (bare !== undefined)
      throw new CommandError(`--${flag}: write each flag as --name=value, not ${JSON.stringify(bare)}`);
    return given;
  };
  return {
    'karmada-controller-manager': of('karmada-controller-manager', 'controller-manager-flags'),
    'karmada-scheduler': of('karmada-scheduler', 'scheduler-flags'),
    'karmada-webhook': of('karmada-webhook', 'webhook-flags'),
  };
}
