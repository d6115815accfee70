import type { UseInfiniteQueryResult, InfiniteData } from '@tanstack/react-query';
import type { Page } from '@veche/client';
import type { ReactNode } from 'react';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { Button } from './button';
import style from './list.module.css';
import { Notice } from './notice';
import { Skeleton } from './skeleton';

interface ListProps {
  /** Whether it is not known yet what is in it. */
  isPending: boolean;
  children: ReactNode;
}

/** Lines in a frame. */
export const List = ({ isPending, children }: ListProps): ReactNode => (
  <ul className={style.list} aria-busy={isPending}>
    {children}
    {isPending &&
      [60, 45, 55].map((width) => (
        <li key={width} className={style.item}>
          <Skeleton width="2.25rem" height="2.25rem" />
          <Skeleton width={`${width}%`} height="1.25rem" />
        </li>
      ))}
  </ul>
);

interface PagedListProps<Item> {
  found: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** In the place of a list with nothing in it. */
  empty: ReactNode;
  /** One line of it. */
  children: (item: Item) => ReactNode;
}

/** What the server has page by page, as far as it was fetched. */
export const PagedList = <Item,>({ found, empty, children }: PagedListProps<Item>): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  const items = found.data?.pages.flatMap((page) => page.items);
  return (
    <>
      {found.error && (
        <Notice action={<Button onPress={() => void found.refetch()}>{messages.retry}</Button>}>
          {text(found.error)}
        </Notice>
      )}
      {items?.length === 0 ? empty : <List isPending={found.isPending}>{items?.map(children)}</List>}
      {found.hasNextPage && (
        <div className={style.more}>
          <Button isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
            {messages.more}
          </Button>
        </div>
      )}
    </>
  );
};

interface ListLineProps {
  mark: ReactNode;
  name: ReactNode;
  /** Words beside the name. */
  badges?: ReactNode;
  notes: readonly (string | undefined)[];
  /** What can be done with it. */
  children?: ReactNode;
}

export const ListLine = ({ mark, name, badges, notes, children }: ListLineProps): ReactNode => (
  <li className={style.item}>
    {mark}
    <div className={style.lines}>
      <div className={style.head}>
        <span className={style.name} dir="auto">
          {name}
        </span>
        {badges}
      </div>
      {notes.filter(Boolean).map((note) => (
        <div key={note} className={style.note} dir="auto">
          {note}
        </div>
      ))}
    </div>
    {children}
  </li>
);
