import { Injectable } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';
import { AppError } from '@veche/errors';
import { randomBytes } from 'node:crypto';

/** `Algorithm.Argon2id`: a const enum, which files that are compiled one by one cannot read. */
const ARGON2ID = 2;
/** OWASP's first recommendation for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const PARAMETERS: Options = { algorithm: ARGON2ID, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** Each takes a processor for some 30 ms and 19 MiB; Node's pool has four threads, and files and names need some. */
const AT_ONCE = 2;
/** Waiting longer than this many others take, about two seconds, helps nobody. */
const MAX_WAITING = 128;

/** Hashes and verifies passwords, a bounded number at a time. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Verified against where there is no account, so that the answer takes as long. */
  private readonly nobody = this.hash(randomBytes(32).toString('base64'));

  /** @throws AppError `overloaded` when too many wait, as {@link matches} does */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalized(password), PARAMETERS));
  }

  /** Takes the same time for a wrong password and for no account at all (`stored` undefined). */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const digest = stored ?? (await this.nobody);
    const same = await this.inTurn(() => verify(digest, normalized(password)));
    return same && stored !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new AppError('overloaded');
      // whoever leaves hands its place over
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

/** The same letters typed on another keyboard are the same password (NIST SP 800-63B, 5.1.1.2). */
const normalized = (password: string): string => password.normalize('NFKC');
