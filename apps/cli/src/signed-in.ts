import { type Api, createApi, createSession, type SignIn } from '@veche/client';
import { hostname } from 'node:os';
import { deviceKey } from './device-key';
import { forgetAccount, readAccount, writeAccount } from './account-file';
import { EXIT, Failure } from './failure';

/** A session whose refresh token is in the user's configuration folder. */
export const sessionAt = (server: string): SignIn =>
  createSession({
    url: server,
    tokenTransport: 'body',
    deviceName: `veche on ${hostname()}`,
    deviceKey,
    refreshToken: () => {
      const account = readAccount();
      return account?.server === server ? account.refreshToken : undefined;
    },
    keepRefreshToken: (refreshToken) => {
      if (refreshToken === undefined) forgetAccount();
      else writeAccount({ server, refreshToken });
    },
  });

export interface SignedIn {
  readonly server: string;
  readonly session: SignIn;
  readonly api: Api;
}

/** @throws Failure where nobody is signed in */
export const signedIn = (): SignedIn => {
  const account = readAccount();
  if (!account)
    throw new Failure('Nobody is signed in here. Run: veche login', EXIT.notSignedIn, 'unauthenticated');
  const session = sessionAt(account.server);
  return {
    server: account.server,
    session,
    api: createApi({ url: account.server, getToken: session.getToken }),
  };
};
