/** The algorithms that are accepted unless said otherwise (RFC 7518, RFC 8037): whoever can verify cannot sign. */
export const asymmetric: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
