import { WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useMessages } from '../i18n/i18n';
import { useChat, useConnection } from './chat';
import style from './connection-bar.module.css';

/** What is over sooner than this is not worth a word: nothing should jump for it. */
const PATIENCE_MS = 1_500;

/** Says when there is no connection, and what that means. */
export const ConnectionBar = (): ReactNode => {
  const { connection, retry } = useMessages();
  const { reconnect } = useChat();
  const state = useConnection();
  const isBad = state.status === 'connecting' || state.status === 'offline';
  const isLate = useLate(isBad ? state.since + PATIENCE_MS : undefined);
  const isOffline = state.status === 'offline';
  return (
    <div role="status">
      {isBad && isLate && (
        <div className={style.bar}>
          <WifiOff size={16} aria-hidden />
          {isOffline
            ? navigator.onLine
              ? connection.reconnecting
              : connection.offline
            : connection.connecting}
          {isOffline && state.retryAt !== undefined && (
            <Button className={style.again ?? ''} onPress={reconnect}>
              {retry}
            </Button>
          )}
        </div>
      )}
    </div>
  );
};

/** Whether a time has come. */
const useLate = (at: number | undefined): boolean => {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (at === undefined) return setLate(false);
    const timer = setTimeout(() => setLate(true), Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at]);
  return late && at !== undefined;
};
