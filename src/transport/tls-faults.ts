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

/** What to do about a TLS fault that the runtime describes so; `undefined` where it is none. */
export function tlsAdvice(text: string): string | undefined {
  return tlsFaults.find(([fault]) => fault.test(text))?.[1];
}
