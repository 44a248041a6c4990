import { type Command, Option } from '@commander-js/extra-typings';
import type { Change } from '../../../api/watch.ts';
import { isStatusReporterError } from '../../../errors.ts';
import { createChangeView } from '../change-view.ts';
import {
  addClusterOptions,
  chooseCredentials,
  chooseNamespace,
  clusterHelp,
  namespaceOption,
} from '../cluster-options.ts';
import { coloursFor } from '../colours.ts';
import type { Console } from '../console.ts';
import { type Format, format, outputOption } from '../output.ts';
import { timeoutOption } from '../remote-options.ts';

export function addWatch(program: Command, console: Console): void {
  addClusterOptions(
    program
      .command('watch')
      .summary('follow the status of resources, live')
      .description(
        'Prints a line for what is there, and one for every change that follows, until it is interrupted.',
      )
      .argument('[name]', 'one VirtualMCPServer (default: all of the namespace)')
      .addOption(namespaceOption())
      .addOption(new Option('-A, --all-namespaces', 'all namespaces').default(false).conflicts('namespace')),
  )
    .addOption(timeoutOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
A line has the time, the resource, its phase, how many backends can take requests, and what changed: "jira ready
→ unavailable". Changes of times alone are not told. With -o json there is one JSON object to a line, for every
event. When the API server is away, it is tried again until it is back, and what was missed is told then. It
takes the rights to list and watch virtualmcpservers.

${clusterHelp}

Examples:
  $ vmcp-status watch --context prod -n gateways
  $ vmcp-status watch demo
  $ vmcp-status watch -A -o json | jq -r '[.name, .status.phase] | @tsv'`,
    )
    .action(async (name, options) => {
      const credentials = chooseCredentials(options, console);
      const namespace = options.allNamespaces
        ? undefined
        : await chooseNamespace(options.namespace, console, credentials);
      const { followCluster } = await import('../follow-cluster.ts');
      const view = createChangeView(coloursFor(console));
      const changes = followCluster(credentials, {
        scope: { ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) },
        timeout: options.timeout * 1000,
        signal: console.interrupted(),
        onListed: count => count === 0 && console.complain('There is none yet; waiting for it.\n'),
        onInterruption: (error, delay) => console.complain(interruption(error, delay)),
      });
      for await (const change of changes) {
        console.print(await shown(change, options.output, () => view.line(change, console.now())));
      }
    });
}

async function shown(change: Change, output: Format, line: () => string | undefined): Promise<string> {
  if (output === 'table') {
    const text = line();
    return text === undefined ? '' : `${text}\n`;
  }
  const { metadata, status = {} } = change.object;
  const { namespace, name, resourceVersion, generation } = metadata;
  const event = { type: change.type, namespace, name, resourceVersion, generation, status };
  if (output === 'json') return `${JSON.stringify(event)}\n`;
  return `---\n${await format(event, output, () => '')}`;
}

function interruption(error: unknown, delay: number): string {
  const why = isStatusReporterError(error) ? error.message : 'the connection was lost';
  return `Interrupted (${why}); trying again in ${(delay / 1000).toFixed(1)} s.\n`;
}
