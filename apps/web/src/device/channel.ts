/** A way to the other tabs of this browser; none where it has no such thing, or refuses it. */
export const channelTo = (name: string): BroadcastChannel | undefined => {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
};
