import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { ConfigurationError } from '../../../errors.ts';
import { explain } from '../../listen.ts';
import { readPort } from '../../settings.ts';
import type { Console } from '../console.ts';
import { kubeconfigOf } from '../kubeconfig.ts';
import { toYaml } from '../output.ts';
import { untilAborted } from '../until-aborted.ts';

interface Seed {
  readonly namespace: string;
  readonly name: string;
}

export function addEmbedded(program: Command, console: Console): void {
  program
    .command('embedded')
    .summary('run a fake API server, for trying things')
    .description(
      'Runs a fake Kubernetes API server with VirtualMCPServers on a loopback address, and writes a kubeconfig for it that kubectl can use. Everything is forgotten at the end.',
    )
    .argument('[resources...]', 'VirtualMCPServers that exist: name or namespace/name (default: demo)', seeds)
    .option('--port <port>', 'listen on this port, 0 for any', '0')
    .option('--write-kubeconfig <path>', 'where to write the kubeconfig', 'vmcp-status.kubeconfig')
    .addHelpText(
      'after',
      `
It keeps resourceVersions, managed fields, conflicts, validation and the Table columns as a real API server
does; there is no operator and no pod. SIGINT and SIGTERM end it.

Examples:
  $ vmcp-status embedded &
  $ export KUBECONFIG=$PWD/vmcp-status.kubeconfig
  $ kubectl get virtualmcpservers --watch
  $ vmcp-status report demo -f status.yaml
  $ vmcp-status embedded team-a/search team-b/search --port 8001 --write-kubeconfig /tmp/config`,
    )
    .action(async (given, options) => {
      const resources: readonly Seed[] = given.length > 0 ? given : [{ namespace: 'default', name: 'demo' }];
      const address = { host: '127.0.0.1', port: readPort(options.port, {}) };
      const path = resolve(options.writeKubeconfig);
      await checkReplaceable(path);
      const { createFakeApiServer } = await import('../../../testing/index.ts');
      const api = createFakeApiServer({ objects: resources });
      const { url, stop } = await console
        .listen(request => api.app.fetch(request), address)
        .catch(error => {
          throw explain(error, address);
        });
      const [{ namespace }] = resources as [Seed];
      await save(path, await toYaml(kubeconfigOf(url, namespace)));
      const interrupted = console.interrupted();
      console.print(greeting(url, path, resources));
      await untilAborted(interrupted);
      // Watches would be waited for: nobody misses the end of a server that forgets everything.
      void stop();
    });
}

const mark = '# Written by vmcp-status embedded, which replaces it at its next start.';

/** The path may be that of somebody's real clusters. */
async function checkReplaceable(path: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === '' || found.startsWith(mark)) return;
  throw new ConfigurationError(
    `--write-kubeconfig: expected a new file or one that vmcp-status wrote, found another one at ${path}; name a path of its own.`,
  );
}

async function save(path: string, text: string): Promise<void> {
  await writeFile(path, `${mark}\n${text}`, { mode: 0o600 }).catch(cause => {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`--write-kubeconfig: cannot write ${path} (${code}).`, { cause });
  });
}

function greeting(url: string, path: string, resources: readonly Seed[]): string {
  const [first] = resources as [Seed];
  const names = resources.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return `The fake API server listens on ${url} and has the VirtualMCPServers ${names}.

  export KUBECONFIG='${path}'
  kubectl get virtualmcpservers --watch
  echo '{"phase":"Ready"}' | vmcp-status report ${first.name} -n ${first.namespace}
`;
}

const pattern = /^(?:([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/)?([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)$/;

function seeds(text: string, before: readonly Seed[] = []): Seed[] {
  const [, namespace = 'default', name] = pattern.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected name or namespace/name.');
  if (before.some(seed => seed.namespace === namespace && seed.name === name)) {
    throw new InvalidArgumentError('It is given twice.');
  }
  return [...before, { namespace, name }];
}
