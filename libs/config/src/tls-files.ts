import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from './config';
import { ConfigurationError } from './configuration-error';

type Of = 'GRPC_TLS' | 'KAFKA_TLS';
type Name<P extends Of> = `${P}_${'CERT' | 'KEY' | 'CA'}_FILE`;

/** What TLS is made of, in PEM. Certificate and key are both there, and belong to each other, or neither is. */
export interface TlsFiles {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

const isCertificate = (pem: Buffer): unknown => new X509Certificate(pem);
const isKey = (pem: Buffer): unknown => createSecureContext({ key: pem });

/** What is in a file that a variable names, if it is what it should be. */
const read = (
  name: string,
  path: string | undefined,
  mustBe: string,
  check: (content: Buffer) => unknown,
): Buffer | undefined => {
  if (path === undefined) return undefined;
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const { code = 'it is unreadable' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${name} must be a file that can be read (${code})`]);
  }
  try {
    check(content);
  } catch {
    throw new ConfigurationError([`${name} must be a file with ${mustBe} in PEM`]);
  }
  return content;
};

/**
 * Reads the certificate, the key and the CA that these settings name. Files are read once: new ones count from the next
 * start.
 * @param of what the settings' names begin with
 * @throws ConfigurationError that names the variable whose file is missing or wrong, or that lacks another
 */
export const tlsFilesOf = <P extends Of>(of: P, settings: Pick<Config, Name<P>>): TlsFiles => {
  const [certName, keyName, caName] = [`${of}_CERT_FILE`, `${of}_KEY_FILE`, `${of}_CA_FILE`] as Name<P>[];
  const path = (name: Name<P> | undefined): string | undefined => name && settings[name];
  const cert = read(`${certName}`, path(certName), 'a certificate', isCertificate);
  const ca = read(`${caName}`, path(caName), 'a certificate', isCertificate);
  const key = read(`${keyName}`, path(keyName), 'a key without a password', isKey);
  if (!cert !== !key) throw new ConfigurationError([`${cert ? keyName : certName} must be set too`]);
  if (cert && key)
    try {
      createSecureContext({ cert, key });
    } catch {
      throw new ConfigurationError([`${keyName} must be the key of the certificate in ${certName}`]);
    }
  return { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) };
};
