import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { buildStatus } from '../../../status/build.ts';
import { parseBackends } from '../../../status/parse.ts';
import { clusterHelp } from '../cluster-options.ts';
import { coloursFor } from '../colours.ts';
import type { Console } from '../console.ts';
import { readInput } from '../input.ts';
import { format, outputOption } from '../output.ts';
import { openRemote } from '../remote.ts';
import { addRemoteOptions, fileOption } from '../remote-options.ts';
import { statusView } from '../status-view.ts';
import { resultView } from './report.ts';

export function addBackends(program: Command, console: Console): void {
  addRemoteOptions(
    program
      .command('backends')
      .summary('make a status from the raw health of backends')
      .description(
        'Makes a status (phase, message, conditions, count) from the raw health of backends, a JSON or YAML list, and prints it; with --report, reports it.',
      )
      .argument('[name]', 'with --report: the VirtualMCPServer (default: VMCP_NAME)')
      .addOption(fileOption())
      .option(
        '--configured <count>',
        'how many backends are configured (default: as many as are given)',
        count,
      )
      .option('--report', 'report the status instead of printing it', false),
  )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
Each backend has a name and a health (healthy, degraded, unhealthy, unauthenticated, unknown), and may have url,
authType, authConfigRef, lastCheck, error, circuitBreakerState, circuitLastChanged, consecutiveFailures and
mcpRevision.

${clusterHelp}

Examples:
  $ echo '[{"name":"github","health":"healthy"},{"name":"jira","health":"unhealthy"}]' | vmcp-status backends
  $ vmcp-status backends -f health.yaml -o yaml > status.yaml
  $ vmcp-status backends demo -f health.yaml --report --context prod`,
    )
    .action(async (name, options) => {
      const backends = parseBackends(await readInput(options.file, console));
      const { configured } = options;
      const status = buildStatus(backends, {
        now: new Date(console.now()),
        ...(configured !== undefined && { configuredCount: configured }),
      });
      if (options.report) {
        await using remote = await openRemote(name, options, console);
        const result = await remote.report(status);
        console.print(await format(result, options.output, () => resultView(remote, result)));
        return;
      }
      const view = { title: name ?? 'status', colours: coloursFor(console), now: console.now() };
      const plainStatus = JSON.parse(JSON.stringify(status));
      console.print(await format(plainStatus, options.output, () => statusView(status, view)));
    });
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 to 999999999.');
}
