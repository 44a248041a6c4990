import process from 'node:process';
import { processConsole } from './cli/console.ts';
import { run } from './cli/program.ts';
import type { Listen } from './listen.ts';

/** The program of Node, Bun and Deno: `vmcp-status`, with the server that the runtime brings. */
export async function main(listen: Listen): Promise<void> {
  const code = await run(process.argv.slice(2), processConsole(listen));
  // Connections that nobody uses any more would keep the process for a while.
  process.stdout.write('', () => process.exit(code));
}
