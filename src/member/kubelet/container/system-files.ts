/** The files every image has, and those a kubelet writes into a container. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { hostnameOf } from './environment.ts';
import { type FolderNode, file, folder } from './files.ts';

const hosts = (pod: Pod): string => {
  const { hostname, subdomain, hostAliases = [] } = pod.spec;
  const name = hostnameOf(pod);
  const full = hostname && subdomain ? `${name}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local\t` : '';
  return [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${pod.status?.podIP ?? ''}\t${full}${name}`,
    ...(hostAliases.length > 0 ? ['', '# Entries added by HostAliases.'] : []),
    ...hostAliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join('\t')),
    '',
  ].join('\n');
};

const resolver = (pod: Pod): string => {
  const domains = [`${pod.metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'];
  return `search ${domains.join(' ')}\nnameserver 10.96.0.10\noptions ndots:5\n`;
};

/** `programs`: names of what can be run. */
export function systemFiles(pod: Pod, image: string, programs: readonly string[], now: number): FolderNode {
  const binaries = Object.fromEntries(programs.map((name) => [name, file('', 0o755, now)]));
  return folder(
    {
      bin: folder(binaries, true, now),
      dev: folder({ null: file('', 0o666, now) }, false, now),
      etc: folder(
        {
          hostname: file(`${hostnameOf(pod)}\n`, 0o644, now),
          hosts: file(hosts(pod), 0o644, now),
          'resolv.conf': file(resolver(pod), 0o644, now),
          'os-release': file(
            `PRETTY_NAME="Flotilla simulated container"\nNAME="Flotilla simulated container"\nID=flotilla\nIMAGE="${image}"\n`,
            0o644,
            now,
          ),
          passwd: file('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n', 0o644, now),
          group: file('root:x:0:\nnogroup:x:65533:\n', 0o644, now),
        },
        false,
        now,
      ),
      home: folder({}, false, now),
      proc: folder({ version: file('Linux version simulated (flotilla)\n', 0o444, now) }, true, now),
      root: folder({}, false, now),
      tmp: folder({}, false, now),
      usr: folder(
        { bin: folder({}, true, now), local: folder({ bin: folder({}, true, now) }, false, now) },
        false,
        now,
      ),
      var: folder(
        { log: folder({}, false, now), run: folder({}, false, now), tmp: folder({}, false, now) },
        false,
        now,
      ),
    },
    false,
    now,
  );
}
