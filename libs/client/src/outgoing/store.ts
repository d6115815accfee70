import type { Attachment, ErrorCode } from '@veche/protocol';

/** A message that is not committed yet, as it is kept. */
export interface StoredMessage {
  readonly clientId: string;
  readonly roomId: string;
  readonly text: string;
  readonly replyTo?: number;
  readonly attachments?: readonly Attachment[];
  readonly threadSeq?: number;
  readonly alsoInRoom?: boolean;
  /** When it was written, in ISO 8601. */
  readonly at: string;
  /** Why the server does not want it. */
  readonly refused?: { readonly code: ErrorCode; readonly detail?: string };
}

/**
 * Keeps messages until they are committed, so that they outlive the page or the process that was to send them. Each
 * has one owner, who sends it; what is left by an owner who is gone can be adopted.
 *
 * `account` tells apart whose messages they are: a server and a user.
 */
export interface OutgoingStore {
  /** Keeps a message as one's own, or what has changed about it. */
  put(account: string, message: StoredMessage): Promise<void>;
  remove(account: string, clientId: string): Promise<void>;
  /**
   * Makes one's own what others have left, and gives it in the order in which it was kept.
   *
   * @param later is given what others leave after that, until the next call; a store that does not see them go may
   * leave that to the next call as well.
   */
  adopt(account: string, later: (left: readonly StoredMessage[]) => void): Promise<readonly StoredMessage[]>;
  /** Forgets the account's messages, whoever owns them. */
  clear(account: string): Promise<void>;
  /** Leaves what is one's own to others. */
  close(): void;
}
