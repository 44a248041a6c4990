import { LineCounter, parseDocument } from 'yaml';
import { ConfigurationError } from '../../errors.ts';
import { anything, flag, list, mapOf, mapping, type Reader, required, text } from './shape.ts';
import type {
  Cluster,
  Context,
  ExecPlugin,
  Kubeconfig,
  KubeconfigCluster,
  KubeconfigContext,
  KubeconfigUser,
  User,
} from './types.ts';

const cluster = mapping<Cluster>({
  server: text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'proxy-url': text,
  extensions: list(required(mapping({ name: required(text), extension: anything }))),
});

const context = mapping<Context>({ cluster: text, user: text, namespace: text });

const exec = mapping<ExecPlugin>({
  apiVersion: text,
  command: text,
  args: list(argument),
  env: list(required(mapping({ name: required(text), value: argument }))),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});

const user = mapping<User>({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': list(required(text)),
  'as-user-extra': mapOf(values => list(argument)(values, 'as-user-extra') ?? []),
  exec,
  'auth-provider': mapping<NonNullable<User['auth-provider']>>({ name: text }),
});

const file = mapping<Kubeconfig>({
  'current-context': text,
  clusters: entries(mapping<KubeconfigCluster>({ name: required(text), cluster: or({}, cluster) })),
  contexts: entries(mapping<KubeconfigContext>({ name: required(text), context: or({}, context) })),
  users: entries(mapping<KubeconfigUser>({ name: required(text), user: or({}, user) })),
});

/**
 * Reads a kubeconfig, YAML or JSON. Fields that are not known are left out; relative paths stay as they are.
 *
 * @param name what to call it in errors: the file's path
 * @throws ConfigurationError that names the entry, and quotes no value
 */
export function parseKubeconfig(content: string, name = 'kubeconfig'): Kubeconfig {
  const document = content.trim() === '' ? {} : toPlain(content, name);
  try {
    return file(document, '') ?? { clusters: [], contexts: [], users: [] };
  } catch (error) {
    throw new ConfigurationError(`${name}: ${(error as Error).message}`);
  }
}

function toPlain(content: string, name: string): unknown {
  const lines = new LineCounter();
  // No pretty errors: they quote the line, which may hold a token; their messages may quote a value.
  const document = parseDocument(content, { prettyErrors: false, lineCounter: lines, merge: true });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new ConfigurationError(
      `${name}: expected YAML or JSON, found a fault in line ${line}, column ${col} (${fault.code})`,
    );
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new ConfigurationError(`${name}: expected YAML or JSON, found aliases that cannot be resolved`);
  }
}

/** Text that may be empty: an argument, a value of the environment. */
function argument(value: unknown, where: string): string {
  return text(value, where) ?? '';
}

function or<T>(fallback: T, reader: Reader<T | undefined>): Reader<T> {
  return (value, where) => reader(value, where) ?? fallback;
}

function entries<T>(reader: Reader<T | undefined>): Reader<readonly T[]> {
  return or([], list(required(reader)));
}
