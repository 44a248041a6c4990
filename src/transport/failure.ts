import { ConfigurationError, StatusReporterError } from '../errors.ts';
import type { TransportRequest } from '../types.ts';

/** Kinds of TLS faults, by the spellings of Node (OpenSSL), Bun (BoringSSL) and Deno (rustls); first match wins. */
const tlsFaults: readonly (readonly [fault: RegExp, advice: string])[] = [
  [
    /ALTNAME|altnames|HOSTNAME_MISMATCH|NotValidForName|certificate not valid for name/i,
    'its certificate is for another name; reach the server by a name on it, or give that name as tls.serverName (tls-server-name in a kubeconfig)',
  ],
  [
    /CERT_(HAS_EXPIRED|NOT_YET_VALID)|certificate (has )?expired|peer certificate: (Cert)?(Expired|NotValidYet)|not yet valid/i,
    'its certificate has expired or is not yet valid; renew it, or set the clock of this machine',
  ],
  [
    /UNABLE_TO_(VERIFY|GET_ISSUER|DECODE)|SELF_SIGNED|DEPTH_ZERO|UnknownIssuer|CERT_(UNTRUSTED|SIGNATURE|REVOKED|REJECTED)|INVALID_CA|CaUsedAsEndEntity|BadSignature|self.signed certificate|unable to (verify|get)/i,
    "its certificate is signed by an authority that is not trusted here (Deno says so of an expired one, too); give the cluster's CA as tls.ca (certificate-authority in a kubeconfig)",
  ],
  [
    /ALERT_|alert (number|certificate|bad|unknown|unsupported|access|handshake|received)|received fatal alert|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/i,
    'the server refused our side of the handshake; it asks for a client certificate (tls.cert and tls.key) that its own CA signed',
  ],
  [
    /WRONG_VERSION_NUMBER|wrong version|InvalidContentType|packet length too long|HTTP_REQUEST/i,
    'it does not speak TLS on this port; check the scheme and the port of the server URL',
  ],
  [/ERR_(SSL|TLS)_|\bEPROTO\b|^CERT_|peer certificate|handshake failure/i, 'the TLS handshake failed'],
];

/**
 * What a failed exchange is to the caller: the signal's own reason, or a `tls` or `unavailable` error that names the
 * server's origin. It quotes the runtime's error, with every header value taken out.
 */
export function transportFailure(error: unknown, request: TransportRequest): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  if (error instanceof StatusReporterError) return error;
  const text = describeChain(error);
  const detail = withoutHeaders(text, request.headers);
  const origin = new URL(request.url).origin;
  const options = { cause: safeCause(error, request.headers) };
  const advice = tlsFaults.find(([fault]) => fault.test(text))?.[1];
  if (advice !== undefined) {
    return new StatusReporterError(
      'tls',
      `No trusted connection to ${origin}: ${advice} (${detail})`,
      options,
    );
  }
  return new StatusReporterError('unavailable', `No answer from ${origin}: ${detail}`, options);
}

/** Where a redirect wanted us to go is said by its origin only: a path may hold what is nobody's business. */
export function redirectRefused(
  request: TransportRequest,
  status: number,
  location?: string | null,
): StatusReporterError {
  const target =
    location && URL.canParse(location, request.url) ? ` to ${new URL(location, request.url).origin}` : '';
  return new StatusReporterError(
    'protocol',
    `Expected an answer of the Kubernetes API from ${new URL(request.url).origin}, got a redirect (${status || '3xx'}${target}). Redirects are not followed, since the credential would go with them: give the server's own URL`,
  );
}

/** Refuses header values that HTTP cannot carry, before a runtime's error quotes them: one may be a token. */
export function checkHeaders(headers: TransportRequest['headers']): void {
  for (const name in headers) {
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test([headers[name]].join())) {
      throw new ConfigurationError(
        `The value of the request header "${name}" holds a line break or another character that HTTP does not allow: check the token, or what else is sent there`,
      );
    }
  }
}

/** Rejects with the signal's reason as soon as it fires, whether or not `work` notices. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** `fetch` hides the reason in `cause`, a connection over several addresses in `errors`. */
function describeChain(error: unknown): string {
  const parts: string[] = [];
  const queue = [error];
  for (const current of queue) {
    if (typeof current !== 'object' || current === null || queue.length > 8) continue;
    const { code, message, cause, errors } = current as Record<string, unknown>;
    const text = String(message ?? '');
    const part = typeof code === 'string' && !text.includes(code) ? `${code} ${text}`.trim() : text;
    if (part !== '' && !parts.some(known => known.includes(part))) parts.push(part);
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return parts.join(': ') || String(error);
}

function safeCause(error: unknown, headers: TransportRequest['headers']): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const cause = new Error(withoutHeaders(message, headers));
  cause.name = name;
  if (stack !== undefined) cause.stack = withoutHeaders(stack, headers);
  return cause;
}

function withoutHeaders(text: string, headers: TransportRequest['headers']): string {
  // By words: `Bearer` and the token may be quoted apart.
  const { 'user-agent': _, accept: __, 'content-type': ___, ...telling } = headers;
  const words = Object.values(telling).flat().join(' ').split(' ');
  return words
    .filter(word => word.length > 15)
    .reduce((safe, word) => safe.replaceAll(word, '[redacted]'), text);
}
