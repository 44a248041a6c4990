/** What the transport of a runtime can do; what it cannot is refused with a `configuration` error, never ignored. */
export interface TransportCapabilities {
  readonly name: 'undici' | 'bun' | 'fetch';
  /** `tls.ca` and `tls.insecureSkipVerify`. */
  readonly privateCa: boolean;
  /** `tls.cert` and `tls.key`. */
  readonly clientCertificate: boolean;
  /** `tls.serverName`, for SNI and for the check of the certificate. */
  readonly serverName: boolean;
  /** `proxyUrl`. */
  readonly proxy: boolean;
  /** Whether a timer may outlive the request that set it: what periodic reporting needs. */
  readonly timers: boolean;
}
