import type { Command } from '@commander-js/extra-typings';
import type { ReportResult } from '../../../reporter/reporter.ts';
import { parseStatus } from '../../../status/parse.ts';
import { clusterHelp } from '../cluster-options.ts';
import type { Console } from '../console.ts';
import { readInput } from '../input.ts';
import { format, outputOption } from '../output.ts';
import { openRemote, type Remote } from '../remote.ts';
import { addRemoteOptions, fileOption } from '../remote-options.ts';

export function addReport(program: Command, console: Console): void {
  addRemoteOptions(
    program
      .command('report')
      .summary('report a status')
      .description('Reports a status, from a file or from the standard input, as JSON or YAML.')
      .argument('[name]', 'the VirtualMCPServer (default: VMCP_NAME)')
      .addOption(fileOption()),
  )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
A status has a phase (Pending, Ready, Degraded, Failed), and may have message, conditions, discoveredBackends,
backendCount, observedGeneration and timestamp. What it leaves out is removed from the resource, as far as this
program owns it.

${clusterHelp}

Examples:
  $ vmcp-status report demo -f status.yaml --context prod
  $ echo '{"phase":"Ready","message":"up"}' | vmcp-status report demo -n gateways --kubeconfig ./config
  $ vmcp-status report demo -f status.json --service https://status.example.com --token-file ./token
  $ vmcp-status report demo -f status.yaml -o json | jq -r .outcome`,
    )
    .action(async (name, options) => {
      const status = parseStatus(await readInput(options.file, console));
      await using remote = await openRemote(name, options, console);
      const result = await remote.report(status);
      console.print(await format(result, options.output, () => resultView(remote, result)));
    });
}

const outcomes: Partial<Record<ReportResult['outcome'], string>> = {
  unchanged: 'unchanged, the resource says so already',
  partial:
    'written, but something stale that another manager also holds is still there; the next report removes it',
  superseded: 'superseded by a later report',
};

/** What became of a report, in a line for people. */
export function resultView({ namespace, name }: Remote, result: ReportResult): string {
  const { outcome, resourceVersion, requests, contested = [] } = result;
  const cost = `${requests} ${requests === 1 ? 'request' : 'requests'}`;
  const details = [resourceVersion && `resourceVersion ${resourceVersion}`, cost].filter(Boolean).join(', ');
  const note = contested.length > 0 ? `\nSomebody else keeps changing: ${contested.join(', ')}` : '';
  return `${namespace}/${name}: ${outcomes[outcome] ?? outcome} (${details})${note}\n`;
}
