/** One event of the namespace as it goes over the wire, encoded once for however many connections get it. */
export type Frame = string & { readonly frame: unique symbol };

export const NAMESPACE = '/chat';

/** An EVENT packet without acknowledgement, as the Socket.IO protocol (revision 5) writes it. */
export const frame = (event: string, payload: unknown): Frame =>
  `2${NAMESPACE},${JSON.stringify([event, payload])}` as Frame;

/** What takes frames. Taking one never waits and never throws. */
export interface Receiver {
  write(frame: Frame): void;
}

/** The one way by which an event reaches many. */
export const emitTo = (receivers: Iterable<Receiver>, frame: Frame): void => {
  for (const receiver of receivers) receiver.write(frame);
};
