/** What the claims of somebody else's token say of who it stands for. */
export type Claims = Readonly<Record<string, unknown>>;

interface Mapping {
  readonly claims: {
    readonly id: string;
    readonly displayName: string;
    readonly username: string;
    readonly email: string;
    readonly role: string | undefined;
  };
  readonly roles: Readonly<Record<string, string>>;
}

const MAX_ID = 200;
const CONTROL = /\p{Cc}/u;

const textIn = (claims: Claims, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The id that somebody has there; undefined where the token has none that can be kept. */
export const idIn = (claims: Claims, { claims: { id } }: Mapping): string | undefined => {
  const value = textIn(claims, id);
  return value !== undefined && value.length <= MAX_ID && !CONTROL.test(value) && value.isWellFormed()
    ? value
    : undefined;
};

/** An address that the issuer has verified; others are words of whoever wrote them. */
export const emailIn = (claims: Claims, { claims: { email } }: Mapping): string | undefined =>
  claims.email_verified === true ? textIn(claims, email) : undefined;

export const displayNameIn = (claims: Claims, { claims: { displayName } }: Mapping): string | undefined =>
  textIn(claims, displayName);

export const usernameIn = (claims: Claims, { claims: { username } }: Mapping): string | undefined =>
  textIn(claims, username);

/** The roles that a claim names, one or a list; those that mean nothing here are left out. */
export const rolesIn = (claims: Claims, { claims: { role }, roles }: Mapping): string[] => {
  if (role === undefined) return [];
  return [claims[role]]
    .flat()
    .flatMap((value) =>
      typeof value === 'string' && Object.hasOwn(roles, value) ? [roles[value] ?? ''] : [],
    );
};

const DAY_SECONDS = 86_400;

/** When a token stops being good: it is good for a day at most, whatever it says. */
export const goodUntil = ({ iat, exp }: { iat: number; exp: number }): Date =>
  new Date(Math.min(exp, iat + DAY_SECONDS) * 1000);

/** Whether a token was signed before something ended: within the same second it is not known, and counts as before. */
export const isBefore = ({ iat }: { iat: number }, end: Date): boolean =>
  iat <= Math.floor(end.getTime() / 1000);
