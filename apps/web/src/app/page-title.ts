import { useEffect } from 'react';
import { isolated } from '../i18n/isolated';

const PRODUCT = 'Veche';
let page = '';
let unread = 0;
let isSomething = false;

const show = (): void => {
  const count = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ` : isSomething ? '• ' : '';
  document.title = `${count}${page ? `${isolated(page)} · ` : ''}${PRODUCT}`;
};

/** What the tab of the browser says while this is shown. */
export const usePageTitle = (title: string): void =>
  useEffect(() => {
    page = title;
    show();
  }, [title]);

/**
 * What waits to be read, before the title, whatever page it is: how much calls the reader, or that there is something
 * at all.
 */
export const countInTitle = (count: number, something = false): void => {
  unread = count;
  isSomething = something;
  show();
};
