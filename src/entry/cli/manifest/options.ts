/** How callers of the service are known; see `vmcp-status help serve`. */
export type ManifestAuth = 'jwt' | 'review' | 'passthrough' | 'token';

/** What the manifest is for. */
export interface ManifestOptions {
  /** Of the VirtualMCPServer. */
  readonly name: string;
  readonly namespace: string;
  readonly auth: ManifestAuth;
  /** Its entry point is `vmcp-status`; without it, the published package runs on an image of Node. */
  readonly image?: string | undefined;
  readonly port: number;
  readonly replicas: number;
  /** Audience that callers' tokens are made for. Default: `vmcp-status-reporter` with jwt, the API server's with review. */
  readonly audience?: string | undefined;
}

/** A Kubernetes object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}
