import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Console } from '../console.ts';
import { manifestOf } from '../manifest/manifest.ts';
import type { Manifest } from '../manifest/options.ts';
import { format, formats, toYaml } from '../output.ts';
import { table } from '../table.ts';

export function addManifest(program: Command, console: Console): void {
  program
    .command('manifest')
    .summary('print what the service needs in a cluster')
    .description(
      'Prints the ServiceAccount, the least-privilege Role, the RoleBinding, the Deployment and the Service that run the service for one VirtualMCPServer.',
    )
    .argument('<name>', 'the VirtualMCPServer', name)
    .option(
      '-n, --namespace <namespace>',
      'its namespace, and that of everything printed',
      namespace,
      'default',
    )
    .addOption(
      new Option('--auth <way>', 'how callers are known')
        .choices(['jwt', 'review', 'passthrough', 'token'])
        .default('jwt' as const),
    )
    .option('--audience <audience>', 'audience that the tokens of callers are made for')
    .option(
      '--image <image>',
      'image with vmcp-status as its entry point (default: Node, which fetches the package)',
    )
    .option('--port <port>', 'port of the container', port, 8787)
    .option('--replicas <count>', 'how many pods', replicas, 1)
    .addOption(
      new Option('-o, --output <format>', 'how to print it; table: only what there is')
        .choices(formats)
        .default('yaml' as const),
    )
    .addHelpText(
      'after',
      `
The rights are exactly those that reporting needs: get on the one resource, patch on its status. With --auth
review there is also a ClusterRoleBinding to system:auth-delegator; with passthrough there is no right, and no
token in the pod, since the callers' own count. With --auth token, put the callers' secrets into a Secret
"<name>-status-tokens" with the key tokens.json.

Examples:
  $ vmcp-status manifest demo -n gateways | kubectl apply -f -
  $ vmcp-status manifest demo -n gateways --auth review --image registry.example.com/vmcp-status:1
  $ vmcp-status manifest demo -o table
  $ vmcp-status manifest demo -o json | jq -r '.items[].kind'`,
    )
    .action(async (name, { output, ...options }) => {
      const objects = manifestOf({ name, ...options });
      if (output === 'yaml') console.print((await Promise.all(objects.map(toYaml))).join('---\n'));
      else {
        const list = { apiVersion: 'v1', kind: 'List', items: objects };
        console.print(await format(list, output, () => overview(objects)));
      }
    });
}

/** A line for each object. */
function overview(objects: readonly Manifest[]): string {
  const rows = objects.map(({ kind, metadata: { namespace = '', name } }) => [kind, namespace, name]);
  return table(['KIND', 'NAMESPACE', 'NAME'], rows);
}

function name(text: string): string {
  const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
  if (text.length <= 253 && subdomain.test(text)) return text;
  throw new InvalidArgumentError('Expected a DNS subdomain: at most 253 of a-z, 0-9, "-" and ".".');
}

function namespace(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a DNS label: at most 63 of a-z, 0-9 and "-".');
}

function port(text: string): number {
  const value = Number(text);
  // Lower ones are for root, which the pod is not.
  if (/^\d+$/.test(text) && value >= 1024 && value <= 65_535) return value;
  throw new InvalidArgumentError('Expected a port from 1024 to 65535.');
}

function replicas(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 to 999.');
}
