/** A key by which a server program calls. Its secret is told once, when it is made or rotated. */
export interface ApiKey {
  id: string;
  name: string;
  /** What it may do, for example `users.provision`. */
  scopes: string[];
  /** What its secret begins with, to know it by. */
  hint: string;
  /** In ISO 8601. */
  createdAt: string;
  /** Left out: it does not expire. */
  expiresAt?: string;
  /** To about an hour; left out where it was never used. */
  lastUsedAt?: string;
  /** Until when the secret before still works; left out where there is none. */
  previousUntil?: string;
}

/** A key with the secret that it has just been given. */
export interface NewApiKey extends ApiKey {
  /** Keep it: it is not told again. */
  secret: string;
}
