import { Option } from '@commander-js/extra-typings';
import { seconds } from './cluster-options.ts';

export const serviceOption = () =>
  new Option('--service <url>', 'go through the service at this URL instead of straight to the cluster');
export const tokenFileOption = () =>
  new Option('--token-file <path>', 'file with the bearer token for the service');
export const timeoutOption = () =>
  new Option('--timeout <seconds>', 'give up after that long, retries included')
    .default(30)
    .argParser(seconds);
export const fileOption = () =>
  new Option('-f, --file <path>', 'file with JSON or YAML, - for the standard input').default('-');
