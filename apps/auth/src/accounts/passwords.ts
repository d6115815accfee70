import { Injectable } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { networkOf } from '@veche/limits';
import { Turns } from './turns';

/** `Algorithm.Argon2id`: a const enum, which files that are compiled one by one cannot read. */
const ARGON2ID = 2;
/** OWASP's first recommendation for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const PARAMETERS: Options = { algorithm: ARGON2ID, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** Each takes a processor for some 30 ms and 19 MiB; Node's pool has four threads, and files and names need some. */
const AT_ONCE = 2;
/** Waiting longer than this many others take, about two seconds, helps nobody; and nobody needs so many for themselves. */
const BOUNDS = { atOnce: AT_ONCE, waiting: 128, waitingEach: 32, seconds: 0.03 };

/** Hashes and verifies passwords, a bounded number at a time, for one network after the other. */
@Injectable()
export class Passwords {
  private readonly turns = new Turns(BOUNDS);
  /** Verified against where there is no account, so that the answer takes as long. */
  private readonly nobody = this.hash(randomBytes(32).toString('base64'), undefined);

  /**
   * @param address whom it is done for: those of one network share their turns
   * @throws AppError `overloaded` when too many wait, as {@link matches} does
   */
  hash(password: string, address: string | undefined): Promise<string> {
    return this.turns.take(networkOf(address), () => hash(normalized(password), PARAMETERS));
  }

  /** Takes the same time for a wrong password and for no account, or none with a password (nothing `stored`). */
  async matches(
    stored: string | null | undefined,
    password: string,
    address: string | undefined,
  ): Promise<boolean> {
    const digest = stored ?? (await this.nobody);
    const same = await this.turns.take(networkOf(address), () => verify(digest, normalized(password)));
    return same && typeof stored === 'string';
  }
}

/** The same letters typed on another keyboard are the same password (NIST SP 800-63B, 5.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC');
