import type { Room, RoomOverview } from '@veche/client';
import { useEffect, useState } from 'react';

/**
 * After which number everything is new to the reader: what they had read when they came, or the newest they saw
 * before they looked away. Undefined while nothing is.
 */
export const useNewFrom = (room: Room, overview: RoomOverview, me: string): number | undefined => {
  const [from, setFrom] = useState(overview.unread > 0 ? overview.readSeq : undefined);
  useEffect(() => {
    const look = (): void => {
      const seen = room.overview.get();
      // what was not read before one looked away is new still
      if (seen) setFrom((before) => (seen.unread > 0 ? (before ?? seen.readSeq) : seen.lastSeq));
    };
    addEventListener('blur', look);
    return () => removeEventListener('blur', look);
  }, [room]);
  // marked unread from somewhere on: that is where the line stands then
  const [readTo, setReadTo] = useState(overview.readSeq);
  if (readTo !== overview.readSeq) {
    setReadTo(overview.readSeq);
    if (overview.readSeq < readTo) setFrom(overview.readSeq);
  }
  const { lastMessage } = overview;
  // who answers has read
  const answered =
    lastMessage?.actorId === me && from !== undefined && lastMessage.seq > from && overview.unread === 0;
  return answered ? undefined : from;
};
