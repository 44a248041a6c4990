// What a contract case needs from a Kubernetes API server, be it the fake or a real one.

export interface TargetRequestOptions {
  /** Bearer token; default: the administrator's. An empty string sends no Authorization header. */
  token?: string;
  /** Default: `accept: application/json`, and `content-type: application/json` with a body. */
  headers?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
}

export interface TargetResponse {
  status: number;
  /** Lower-case names; repeated headers are joined with ", ". */
  headers: Record<string, string>;
  text: string;
  /** The parsed body, or undefined where it is not JSON. */
  json: any;
}

export interface TargetRule {
  verbs: string[];
  resources: string[];
  /** Default: `toolhive.stacklok.dev`. */
  apiGroups?: string[];
  resourceNames?: string[];
}

export interface TargetIdentity {
  /** Name of the ServiceAccount. */
  readonly name: string;
  readonly token: string;
}

export interface Target {
  readonly name: 'fake' | 'kube-apiserver';
  /** One request, by default as administrator; a watch is answered when the server ends it (`timeoutSeconds`). */
  request(method: string, path: string, options?: TargetRequestOptions): Promise<TargetResponse>;
  /** A new, empty namespace. */
  namespace(): Promise<string>;
  /** A ServiceAccount with exactly these rights in the namespace, already effective. */
  identity(
    namespace: string,
    rules: TargetRule[],
    options?: { expirationSeconds?: number },
  ): Promise<TargetIdentity>;
  /** The revision of the newest stored write to a VirtualMCPServer: shows that nothing was written. */
  etcdRevision?(): Promise<number>;
}
