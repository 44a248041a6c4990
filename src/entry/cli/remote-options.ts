import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { addClusterOptions, namespaceOption, seconds } from './cluster-options.ts';
import type { RemoteChoice } from './remote.ts';

/** Adds the options of a {@link RemoteChoice}. */
export function addRemoteOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  command.addOption(namespaceOption());
  addClusterOptions(command);
  command.option('--service <url>', 'go through the service at this URL instead of straight to the cluster');
  command.option('--token-file <path>', 'file with the bearer token for the service');
  command.addOption(timeoutOption());
  return command as Command<Args, Options & RemoteChoice>;
}

export const timeoutOption = () =>
  new Option('--timeout <seconds>', 'give up after that long, retries included')
    .default(30)
    .argParser(seconds);
export const fileOption = () =>
  new Option('-f, --file <path>', 'file with JSON or YAML, - for the standard input').default('-');
