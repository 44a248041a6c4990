import { Command, CommanderError } from '@commander-js/extra-typings';
import { isStatusReporterError } from '../../errors.ts';
import { version } from '../version.ts';
import { errorColoursFor } from './colours.ts';
import { addBackends } from './commands/backends.ts';
import { addEmbedded } from './commands/embedded.ts';
import { addGet } from './commands/get.ts';
import { addManifest } from './commands/manifest.ts';
import { addReport } from './commands/report.ts';
import { addServe } from './commands/serve.ts';
import { addWatch } from './commands/watch.ts';
import type { Console } from './console.ts';
import { exitCodeHelp, exitCodeOf } from './exit-code.ts';

/**
 * Runs `vmcp-status`.
 *
 * @param args what stands behind the program's name
 * @returns the exit code; nothing is thrown
 */
export async function run(args: readonly string[], console: Console): Promise<number> {
  try {
    await createProgram(console).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own errors already.
    if (!(error instanceof CommanderError))
      console.complain(`${errorColoursFor(console).red('error:')} ${said(error)}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(console: Console): Command {
  const program = new Command('vmcp-status')
    .description('Reports the health of virtual MCP servers into the status of their Kubernetes resources.')
    .version(version, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help to see what there is.')
    .configureHelp({ showGlobalOptions: false, subcommandTerm: command => command.name() })
    .configureOutput({
      writeOut: text => console.print(text),
      writeErr: text => console.complain(text),
      getOutHelpWidth: () => console.width || 100,
      getErrHelpWidth: () => console.width || 100,
    })
    .addHelpText(
      'after',
      `
Try it without a cluster:
  $ vmcp-status serve                                  the service, on an embedded fake API server
  $ vmcp-status embedded                               the fake API server alone, for kubectl

With one:
  $ vmcp-status report demo -f status.yaml --context prod
  $ vmcp-status watch --context prod -n gateways

${exitCodeHelp}

"vmcp-status help <command>" shows examples of each.`,
    );
  for (const add of [addServe, addReport, addBackends, addGet, addWatch, addManifest, addEmbedded]) {
    add(program, console);
  }
  return program;
}

/** What a person can do something with; of a fault of ours, everything. */
function said(error: unknown): string {
  if (isStatusReporterError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
