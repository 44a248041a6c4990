import type { Command } from '@commander-js/extra-typings';
import { clusterHelp } from '../cluster-options.ts';
import { coloursFor } from '../colours.ts';
import type { Console } from '../console.ts';
import { format, outputOption } from '../output.ts';
import { openRemote } from '../remote.ts';
import { addRemoteOptions } from '../remote-options.ts';
import { statusView } from '../status-view.ts';

export function addGet(program: Command, console: Console): void {
  addRemoteOptions(
    program
      .command('get')
      .summary('show the status of a resource')
      .description('Shows what the status of a resource says now: phase, conditions, backends.')
      .argument('[name]', 'the VirtualMCPServer (default: VMCP_NAME)'),
  )
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
${clusterHelp}

Examples:
  $ vmcp-status get demo --context prod -n gateways
  $ vmcp-status get demo -o json | jq -r .status.phase
  $ vmcp-status get demo --service http://127.0.0.1:8787`,
    )
    .action(async (name, options) => {
      await using remote = await openRemote(name, options, console);
      const found = await remote.read();
      const view = {
        title: `${found.namespace}/${found.name}`,
        generation: found.generation,
        colours: coloursFor(console),
        now: console.now(),
      };
      console.print(await format(found, options.output, () => statusView(found.status, view)));
    });
}
