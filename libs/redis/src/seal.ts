import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const MAC_BYTES = 16;

/**
 * Tells what this installation has written into Redis or Kafka from what anybody else has: HMAC-SHA-256, cut to 16 bytes
 * (RFC 2104), with a key that they never see. It hides nothing, and does not tell how old something is.
 */
export class Seal {
  private readonly key: Uint8Array;

  /**
   * @param secret that every process of the installation has, and they have not
   * @param purpose keeps what is sealed for one from being taken for another
   */
  constructor(secret: string, purpose: string) {
    this.key = new Uint8Array(hkdfSync('sha256', secret, '', `veche ${purpose}`, 32));
  }

  /** @param place where it belongs: nobody can move it to another */
  put(place: string, content: Uint8Array): Buffer {
    return Buffer.concat([this.mac(place, content), content]);
  }

  /** @returns what was sealed for this place; undefined for everything else */
  open(place: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < MAC_BYTES) return undefined;
    const content = sealed.subarray(MAC_BYTES);
    return timingSafeEqual(this.mac(place, content), sealed.subarray(0, MAC_BYTES)) ? content : undefined;
  }

  /** What to lay beside a content that others are to read as it is. */
  markOf(place: string, content: Uint8Array): Buffer {
    return this.mac(place, content);
  }

  /** Whether a content was marked for this place. */
  isOurs(place: string, content: Uint8Array, mark: Uint8Array): boolean {
    return mark.length === MAC_BYTES && timingSafeEqual(this.mac(place, content), mark);
  }

  private mac(place: string, content: Uint8Array): Buffer {
    // with its length before it a place cannot run into the content
    const head = `${Buffer.byteLength(place)}:${place}`;
    return createHmac('sha256', this.key).update(head).update(content).digest().subarray(0, MAC_BYTES);
  }
}
