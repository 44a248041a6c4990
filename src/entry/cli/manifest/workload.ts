import { version } from '../../version.ts';
import type { Manifest, ManifestOptions } from './options.ts';

type Metadata = Manifest['metadata'];

/** The image that runs the published package where none of the user's own is given. */
const nodeImage = 'docker.io/library/node:24-alpine';

/**
 * Where the API server is and what to trust, for a pod that has no token. Kubernetes puts this ConfigMap into each
 * namespace; a new CA is read when the pod is restarted.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume
 */
const withoutCredential = [
  { name: 'VMCP_KUBERNETES_SERVER', value: 'https://kubernetes.default.svc' },
  {
    name: 'VMCP_KUBERNETES_CA',
    valueFrom: { configMapKeyRef: { name: 'kube-root-ca.crt', key: 'ca.crt' } },
  },
];

/** Where the secrets of callers are mounted. */
const tokensPath = '/etc/vmcp-status/tokens.json';

/**
 * The service itself. The pod keeps to the restricted profile.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function workload(
  options: ManifestOptions,
  metadata: Metadata,
  selector: Record<string, string>,
): Manifest[] {
  const { replicas } = options;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: selector },
        template: { metadata: { labels: metadata.labels }, spec: podSpec(options, metadata) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }],
      },
    },
  ];
}

function podSpec(options: ManifestOptions, { name }: Metadata): object {
  const volumes = [
    { name: 'tmp', emptyDir: {} },
    ...(options.auth === 'token' ? [{ name: 'tokens', secret: { secretName: `${name}-tokens` } }] : []),
  ];
  return {
    serviceAccountName: name,
    automountServiceAccountToken: options.auth !== 'passthrough',
    // Longer than the 10 s that the service takes at most to deliver what is pending.
    terminationGracePeriodSeconds: 20,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(options)],
    volumes,
  };
}

function container(options: ManifestOptions): object {
  const { image, port, auth } = options;
  const probe = (path: string) => ({ httpGet: { path, port: 'http' } });
  return {
    name: 'vmcp-status',
    image: image ?? nodeImage,
    ...(image === undefined && { command: ['npx', '--yes', `vmcp-status-reporter@${version}`] }),
    args: ['serve', ...authArguments(options)],
    env: [
      { name: 'HOST', value: '0.0.0.0' },
      { name: 'PORT', value: String(port) },
      // npm keeps what it downloads there; the rest of the file system is read-only.
      { name: 'HOME', value: '/tmp' },
      ...(auth === 'passthrough' ? withoutCredential : []),
    ],
    ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
    startupProbe: { ...probe('/livez'), periodSeconds: 2, failureThreshold: 60 },
    livenessProbe: { ...probe('/livez'), periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 3 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(auth === 'token' ? [{ name: 'tokens', mountPath: '/etc/vmcp-status', readOnly: true }] : []),
    ],
  };
}

function authArguments({ auth, audience }: ManifestOptions): string[] {
  const audiences = audience === undefined ? [] : ['--audience', audience];
  const more = { jwt: audiences, review: audiences, passthrough: [], token: ['--tokens-file', tokensPath] };
  return ['--auth', auth, ...more[auth]];
}
