import { useLocation, useRouter } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useMessages } from '../i18n/i18n';
import style from './back-to-results.module.css';

const KEY = 'Esc';

/** Above what somebody came to from a search: the way back to what was found. Escape leads there, too. */
export const BackToResults = (): ReactNode => {
  const { search } = useMessages();
  const { history } = useRouter();
  const isFound = useLocation({ select: ({ state }) => state.found === true });
  useEffect(() => {
    if (!isFound) return;
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing) return;
      // whatever else it closes is asked first
      setTimeout(() => event.defaultPrevented || history.back());
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [isFound, history]);
  return (
    isFound && (
      <button type="button" className={style.back} aria-keyshortcuts="Escape" onClick={() => history.back()}>
        <ArrowLeft size={16} aria-hidden />
        <span>{search.back}</span>
        <kbd className={style.key}>{KEY}</kbd>
      </button>
    )
  );
};
