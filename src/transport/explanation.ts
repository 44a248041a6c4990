import { StatusReporterError } from '../errors.ts';
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
 * A `tls` or `unavailable` error that names the server's origin, says what to do, and quotes the runtime's error with
 * every header value taken out.
 */
export function explainFailure(error: unknown, request: TransportRequest): StatusReporterError {
  const text = describeChain(error);
  const detail = withoutHeaders(text, request.headers);
  const { origin } = new URL(request.url);
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

/**
 * A `protocol` error that says by its origin only where a redirect wanted us to go: a path may hold what is nobody's
 * business.
 *
 * @param status 0 where the runtime hides it
 */
export function explainRedirect(
  { url }: TransportRequest,
  status: number,
  location?: string | null,
): StatusReporterError {
  const target = location && URL.canParse(location, url) ? ` to ${new URL(location, url).origin}` : '';
  return new StatusReporterError(
    'protocol',
    `Expected an answer of the Kubernetes API from ${new URL(url).origin}, got a redirect (${status || '3xx'}${target}). Redirects are not followed, since the credential would go with them: give the server's own URL`,
  );
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
  // By words: a token may be quoted without `Bearer`, which is no secret.
  const { 'user-agent': _, accept: __, 'content-type': ___, ...telling } = headers;
  const words = Object.values(telling).flat().join(' ').split(' ');
  return words
    .filter(word => word.length > 6)
    .reduce((safe, word) => safe.replaceAll(word, '[redacted]'), text);
}
