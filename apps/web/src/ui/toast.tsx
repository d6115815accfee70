import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useMessages } from '../i18n/i18n';
import style from './toast.module.css';

const SHOWN_MS = 6_000;
const queue = new ToastQueue<string>({ maxVisibleToasts: 3 });

/** Tells about something that happened away from where one looks. */
export const toast = (text: string): void => void queue.add(text, { timeout: SHOWN_MS });

export const Toasts = (): ReactNode => {
  const messages = useMessages();
  return (
    <ToastRegion queue={queue} className={style.region ?? ''} aria-label={messages.notifications}>
      {({ toast: shown }) => (
        <Toast toast={shown} className={style.toast ?? ''}>
          <ToastContent className={style.content ?? ''}>
            <Text slot="title">{shown.content}</Text>
          </ToastContent>
          <Button slot="close" aria-label={messages.close} className={style.close ?? ''}>
            <X size={16} />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
};
