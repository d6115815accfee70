import {
  type Client,
  connect,
  type ConnectionState,
  type Room,
  type RoomList,
  type RoomOverview,
  type Watchable,
} from '@veche/client';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { forgetPictures } from '../files/pictures';
import { forgetUploads } from '../files/uploads';
import { session } from '../session/session';

const ChatContext = createContext<Client | undefined>(undefined);

/** Holds the connection of whoever is logged in, for everything below it. */
export const Chat = ({ children }: { children: ReactNode }): ReactNode => {
  const [client, setClient] = useState<Client>();
  useEffect(() => {
    const made = connect({ url: '', getToken: session.getToken });
    const stop = made.connection.subscribe(() => {
      const state = made.connection.get();
      if (state.status === 'ended') session.end(state.reason);
    });
    setClient(made);
    return () => {
      stop();
      forgetPictures();
      forgetUploads();
      made.close({ forget: session.isLeft });
    };
  }, []);
  return client && <ChatContext value={client}>{children}</ChatContext>;
};

export const useChat = (): Client => {
  const client = useContext(ChatContext);
  if (!client) throw new Error('there is no <Chat> above');
  return client;
};

/** The present value. */
export const useWatched = <T,>(value: Watchable<T>): T => useSyncExternalStore(value.subscribe, value.get);

/** Tells of changes at most once for each frame: for what changes faster than anybody can look. */
const byFrame = <T,>(value: Watchable<T>): Watchable<T>['subscribe'] => {
  return (changed) => {
    let frame = 0;
    const stop = value.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        changed();
      });
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  };
};

/** The present value, looked at once for each frame. */
export const useWatchedByFrame = <T,>(value: Watchable<T>): T => {
  const subscribe = useMemo(() => byFrame(value), [value]);
  return useSyncExternalStore(subscribe, value.get);
};

export const useConnection = (): ConnectionState => useWatched(useChat().connection);

/** The rooms of whoever is logged in, the one with the newest message first. */
export const useRooms = (): RoomList => useWatchedByFrame(useChat().rooms);

export const useRoom = (roomId: string): Room => useChat().room(roomId);

export const useOverview = (roomId: string): RoomOverview | undefined =>
  useWatchedByFrame(useRoom(roomId).overview);
