import { AppError } from '@veche/errors';
import pLimit from 'p-limit';

export interface TurnsOptions {
  /** How much of one user may run at once. */
  readonly each: number;
  /** How much of one user may wait. */
  readonly waiting: number;
  /** How much may run at once of all users together. */
  readonly all?: number;
}

/**
 * Fair turns between users: however much one of them asks at once, little of it runs at a time, so that whoever asks
 * once waits for a few of theirs and not for all.
 */
export class Turns {
  private readonly users = new Map<string, { limit: ReturnType<typeof pLimit>; works: number }>();
  private readonly all: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(private readonly options: TurnsOptions) {
    this.all = options.all === undefined ? (work) => work() : pLimit(options.all);
  }

  /**
   * Runs work when it is this user's turn.
   * @param deadline when nobody waits for it any more, in milliseconds since 1970
   * @throws AppError `rate_limited` where too much of theirs waits already; `deadline_exceeded`
   */
  async take<T>(userId: string, deadline: number | undefined, work: () => Promise<T>): Promise<T> {
    const { each, waiting } = this.options;
    const user = this.users.get(userId) ?? { limit: pLimit(each), works: 0 };
    if (user.works >= each + waiting)
      throw new AppError('rate_limited', { detail: 'Too many calls at once' });
    this.users.set(userId, user);
    user.works++;
    try {
      return await user.limit(() => this.shared(deadline, work));
    } finally {
      if (--user.works === 0) this.users.delete(userId);
    }
  }

  /** Runs work that is nobody's in particular when there is room for it. */
  shared<T>(deadline: number | undefined, work: () => Promise<T>): Promise<T> {
    return this.all(() => {
      if (deadline !== undefined && deadline <= Date.now()) throw new AppError('deadline_exceeded');
      return work();
    });
  }
}
