import { type Command, Option } from '@commander-js/extra-typings';
import { levels } from '../../logger.ts';
import { authHelp, authOption } from '../auth-options.ts';
import { addClusterOptions } from '../cluster-options.ts';
import type { Console } from '../console.ts';

export function addServe(program: Command, console: Console): void {
  addClusterOptions(
    program
      .command('serve')
      .summary('run the service')
      .description('Takes the status of virtual MCP servers over HTTP and reports it to their cluster.')
      .option('--host <address>', 'listen on this address (default: HOST, else 127.0.0.1)')
      .option('--port <port>', 'listen on this port, 0 for any (default: PORT, else 8787)'),
  )
    .option(
      '--no-demo',
      'on the embedded API server: without the built-in gateway, whose backends change their health',
    )
    .addOption(
      new Option('--log-level <level>', 'the lowest level that is logged')
        .choices(levels)
        .default('info' as const),
    )
    .addOption(authOption())
    .option(
      '--audience <audience...>',
      'with jwt and review: audiences, one of which a token must be made for',
    )
    .option('--issuer <url>', 'with jwt: who issues the tokens (default: the cluster)')
    .option('--jwks <url>', "with jwt: where the issuer's public keys are (default: the cluster's)")
    .option('--rules <path>', 'with jwt: file with a JSON or YAML list of what tokens may do')
    .option('--tokens-file <path>', 'with token: file with the shared secrets, as JSON')
    .option(
      '--requests-per-second <count>',
      'send the API server no more than this, on average (default: 50)',
    )
    .option('--resources <count>', 'keep the reporters of this many resources (default: 1000)')
    .addHelpText(
      'after',
      `
With --kubeconfig, --context, KUBECONFIG or the VMCP_KUBERNETES_* variables, or inside a cluster, it reports to
that cluster; otherwise to an embedded fake API server. SIGINT and SIGTERM end it: no new requests, those under
way are answered, what is pending is delivered, within 10 s.

A report costs one request to the API server, mostly: 10,000 gateways that report every 30 s need
--requests-per-second 350 and --resources 10000.

${authHelp}

Examples:
  $ vmcp-status serve
  $ vmcp-status serve --port 0 --context prod
  $ vmcp-status serve --host 0.0.0.0 --auth review
  $ vmcp-status serve --host 0.0.0.0 --auth jwt --issuer https://id.example.com --jwks https://id.example.com/keys \\
      --audience vmcp-status --rules rules.yaml
  $ vmcp-status serve --host 0.0.0.0 --auth token --tokens-file tokens.json`,
    )
    .action(async options => {
      // Only this command needs an HTTP service; the others start faster without.
      const { serve } = await import('../../serve.ts');
      await serve(options, console);
    });
}
