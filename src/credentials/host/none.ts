// workerd, and every runtime that we know nothing about.
import { ConfigurationError } from '../../errors.ts';
import type { Host } from './host.ts';

export const host: Host = {
  readTextFile: async path => refuse(`read the file ${path}`),
  run: async command => refuse(`run the program ${command}`),
  homeDirectory: () => refuse('look into a home directory'),
  besideFile: (_, path) => path,
  listSeparator: ':',
  folderSeparator: '/',
};

function refuse(what: string): never {
  throw new ConfigurationError(
    `This runtime has no files and no processes, and cannot ${what}: give VMCP_KUBERNETES_SERVER and VMCP_KUBERNETES_TOKEN, or a kubeconfig with its data inside as VMCP_KUBECONFIG`,
  );
}
