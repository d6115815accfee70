import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a link is good for: to begin a download, or for a player that asks for one again. */
const LINK_MS = 5 * 60_000;

/** Whose link to which file it is. */
export interface Linked {
  readonly id: string;
  readonly userId: string;
}

/**
 * Links to one file for one person and a few minutes, for what cannot send an access token: players and downloads. They
 * hold no token, and whether that person may still read the file is asked at each use. What services show each other
 * signs them, so that every gateway knows those of the others.
 */
@Injectable()
export class FileLinks {
  private readonly secret: Buffer;

  constructor({ SERVICE_TOKEN }: Config) {
    // alone in its process it is the only gateway
    this.secret = createHmac('sha256', SERVICE_TOKEN ?? randomBytes(32))
      .update('links to files')
      .digest();
  }

  make({ id, userId }: Linked, now = Date.now()): { key: string; expiresAt: Date } {
    const expiresAt = now + LINK_MS;
    const said = `${id}.${userId}.${expiresAt.toString(36)}`;
    return { key: `${said}.${this.sign(said)}`, expiresAt: new Date(expiresAt) };
  }

  /** @throws AppError `attachment_not_found` for what is no link, or none any more */
  read(key: string, now = Date.now()): Linked {
    const [id = '', userId = '', until = '', ...rest] = key.split('.');
    const given = Buffer.from(rest.join('.'));
    const right = Buffer.from(this.sign(`${id}.${userId}.${until}`));
    const isOurs = given.length === right.length && timingSafeEqual(given, right);
    if (!isOurs || Number.parseInt(until, 36) < now) throw new AppError('attachment_not_found');
    return { id, userId };
  }

  private sign(said: string): string {
    return createHmac('sha256', this.secret).update(said).digest('base64url');
  }
}
