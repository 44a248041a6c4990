// A private certificate authority for tests: real TLS needs real certificates, and a private CA is exactly what a
// Kubernetes API server has.
import 'reflect-metadata'; // @peculiar/x509 builds on decorators and does not bring this itself
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface IssueOptions {
  /** Subject CN: the user name when a Kubernetes API server reads a client certificate. */
  commonName: string;
  /** Subject O, in order: the groups when a Kubernetes API server reads a client certificate. */
  organizations?: string[];
  /** DNS subject alternative names. */
  dns?: string[];
  /** IP subject alternative names. */
  ips?: string[];
  usage: 'server' | 'client';
  /** Default: one hour ago. */
  notBefore?: Date;
  /** Default: in 30 days. A moment in the past makes an expired certificate. */
  notAfter?: Date;
}

export interface CertificateAuthority extends Readonly<KeyPair> {
  issue(options: IssueOptions): Promise<KeyPair>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;

/** Creates a CA with an EC P-256 key. Its `cert` is what clients trust; its `key` is for `loadCa` in another process. */
export async function createCa(commonName = 'test CA'): Promise<CertificateAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + 365 * 24 * hour),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

  return authority(certificate, keys);
}

/** The same CA again, from the PEM texts that another process got from `createCa`. */
export async function loadCa(pair: KeyPair): Promise<CertificateAuthority> {
  const certificate = new X509Certificate(pair.cert);
  const [pkcs8] = PemConverter.decode(pair.key);
  if (pkcs8 === undefined) throw new TypeError('expected a PEM private key');
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  return authority(certificate, {
    privateKey,
    publicKey: await certificate.publicKey.export(algorithm, ['verify']),
  });
}

async function authority(certificate: X509Certificate, keys: CryptoKeyPair): Promise<CertificateAuthority> {
  return {
    cert: pem(certificate.toString('pem')),
    key: await privateKeyPem(keys.privateKey),
    async issue(options) {
      const leafKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const leaf = await X509CertificateGenerator.create({
        subject: subjectName(options),
        issuer: certificate.subject,
        notBefore:
          options.notBefore ?? new Date(Math.min(Date.now(), options.notAfter?.getTime() ?? Infinity) - hour),
        notAfter: options.notAfter ?? new Date(Date.now() + 30 * 24 * hour),
        signingAlgorithm: algorithm,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([
            options.usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
          ]),
          // Node and Deno look for the issuer by this identifier when several CAs share a name.
          await AuthorityKeyIdentifierExtension.create(keys.publicKey),
          ...alternativeNames(options),
        ],
      });
      return { cert: pem(leaf.toString('pem')), key: await privateKeyPem(leafKeys.privateKey) };
    },
  };
}

function subjectName(options: IssueOptions): JsonName {
  return [...(options.organizations ?? []).map(name => ({ O: [name] })), { CN: [options.commonName] }];
}

function alternativeNames(options: IssueOptions): SubjectAlternativeNameExtension[] {
  const names: JsonGeneralName[] = [
    ...(options.dns ?? []).map(value => ({ type: 'dns' as const, value })),
    ...(options.ips ?? []).map(value => ({ type: 'ip' as const, value: checkedIp(value) })),
  ];
  return names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [];
}

function checkedIp(value: string): string {
  if (isIP(value) === 0)
    throw new TypeError(`expected an IP address as subject alternative name, got "${value}"`);
  return value;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return pem(PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'));
}

/** OpenSSL-based readers want the closing newline. */
function pem(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
