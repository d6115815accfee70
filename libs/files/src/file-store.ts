import type { Readable } from 'node:stream';

/** A content by itself, or a smaller picture of it. */
export type Variant = 'small' | 'large';

/** What is in the store under one name. */
export interface StoredContent {
  readonly sha256: string;
  readonly variant?: Variant | undefined;
}

/** From one byte to another, both included. */
export interface Part {
  readonly first: number;
  readonly last: number;
}

export interface OpenFile {
  /** Of all of it, in bytes. */
  readonly size: number;
  /** Reads the part, or all of it; nothing is read before. */
  stream(part?: Part): Readable;
}

/**
 * Where the bytes of files are: contents, each under the SHA-256 of itself, and uploads that grow until they are one.
 * Every gateway and chat of an installation sees the same. It knows nobody's rights and keeps no count: chat does.
 */
export abstract class FileStore {
  /**
   * Takes a file of this machine over as a content; it is there in whole or not at all, and stays after a loss of power.
   * Putting what is there already changes nothing.
   * @param path in the folder of {@link scratch}; gone afterwards
   */
  abstract put(sha256: string, path: string, variant?: Variant): Promise<void>;

  /** @returns undefined where there is no such content */
  abstract open(sha256: string, variant?: Variant): Promise<OpenFile | undefined>;

  /** Removes a content with its smaller pictures; what is not there is no error. */
  abstract remove(sha256: string): Promise<void>;

  /** Every content and smaller picture that is there, in no order; what comes or goes meanwhile may be among them. */
  abstract list(): AsyncIterable<StoredContent>;

  /** A path for a file that is being made, which nobody else uses. */
  abstract scratch(): Promise<string>;

  /** How many bytes an upload has so far; 0 where nothing came yet. */
  abstract received(upload: string): Promise<number>;

  /**
   * Writes what comes behind so many bytes of an upload. What has come stays, whatever happens to the rest. Two who
   * write the same upload at once write over each other: it is whoever uploads who would be to blame.
   * @param room how many bytes may still come
   * @returns how many came
   * @throws RangeError where more come
   */
  abstract append(upload: string, offset: number, bytes: Readable, room: number): Promise<number>;

  /** The bytes of an upload, as a file of this machine; nobody writes to it any more who is honest. */
  abstract uploaded(upload: string): string;

  /** Gives an upload up; what is not there is no error. */
  abstract discard(upload: string): Promise<void>;

  /** Removes uploads, and files that were being made, to which nothing was written for so long. */
  abstract removeStale(olderThanMs: number): Promise<void>;
}
