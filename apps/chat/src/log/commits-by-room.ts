import { SharedCommits } from './shared-commits';

interface Turn<Q, A> {
  readonly commits: SharedCommits<Q, A>;
  /** Those that are not answered yet. */
  waiting: number;
}

/** What waits for the same room shares a commit; a room that is slow holds up nobody in another. */
export class CommitsByRoom<Q, A> {
  private readonly turns = new Map<string, Turn<Q, A>>();
  private closed = false;

  /** As {@link SharedCommits} has it, for each room by itself. */
  constructor(
    private readonly commit: (roomId: string, items: readonly Q[]) => Promise<readonly (A | Error)[]>,
    private readonly bounds: { readonly batch: number; readonly waiting: number },
  ) {}

  /**
   * Answers once the item is committed.
   * @throws AppError as {@link SharedCommits.push}
   */
  async push(roomId: string, item: Q, deadline: number): Promise<A> {
    const turn = this.turns.get(roomId) ?? this.begin(roomId);
    turn.waiting++;
    try {
      return await turn.commits.push(item, deadline);
    } finally {
      if (--turn.waiting === 0) this.turns.delete(roomId);
    }
  }

  /** Takes no more, and ends when what was taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.turns.values()].map(({ commits }) => commits.close()));
  }

  private begin(roomId: string): Turn<Q, A> {
    const commits = new SharedCommits<Q, A>(
      (items) => this.commit(roomId, items),
      () => roomId,
      { ...this.bounds, parallel: 1, worthwhile: 1, held: 0 },
    );
    if (this.closed) void commits.close();
    const turn = { commits, waiting: 0 };
    this.turns.set(roomId, turn);
    return turn;
  }
}
