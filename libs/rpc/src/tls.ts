import { ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';
import { type Config, ConfigurationError, tlsFilesOf } from '@veche/config';

/** What of the configuration TLS is made of. */
export type TlsSettings = Pick<
  Config,
  | 'GRPC_TLS_CERT_FILE'
  | 'GRPC_TLS_KEY_FILE'
  | 'GRPC_TLS_CA_FILE'
  | 'GRPC_TLS_CLIENT_CERTS'
  | 'GRPC_TLS_SERVER_NAME'
>;

/** How a process is reached, and how it reaches others. */
export interface Tls {
  readonly server: ServerCredentials;
  readonly client: ChannelCredentials;
  /** What the certificates of services say, where it is not the host that they are found at. */
  readonly serverName: string | undefined;
}

export const PLAIN: Tls = {
  server: ServerCredentials.createInsecure(),
  client: credentials.createInsecure(),
  serverName: undefined,
};

/**
 * The credentials of a process. It offers TLS where it has a certificate, asks for it where it has one or a CA, and takes
 * those alone who show a certificate of that CA where it is told so. Files are read once: new ones count from the next start.
 * @throws ConfigurationError that names the variable whose file is missing or wrong, or that lacks another
 */
export const tlsOf = (settings: TlsSettings): Tls => {
  const { GRPC_TLS_CLIENT_CERTS: clientCerts, GRPC_TLS_SERVER_NAME: serverName } = settings;
  const { cert, key, ca } = tlsFilesOf('GRPC_TLS', settings);
  if (clientCerts && !(cert && ca))
    throw new ConfigurationError(['GRPC_TLS_CLIENT_CERTS needs GRPC_TLS_CERT_FILE and GRPC_TLS_CA_FILE']);
  if (!cert || !key) return ca ? { ...PLAIN, client: credentials.createSsl(ca), serverName } : PLAIN;
  return {
    server: ServerCredentials.createSsl(
      clientCerts ? (ca ?? null) : null,
      [{ cert_chain: cert, private_key: key }],
      clientCerts,
    ),
    client: credentials.createSsl(ca, key, cert),
    serverName,
  };
};
