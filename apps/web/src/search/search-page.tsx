import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { type Has, MAX_SEARCH, type RoomOverview, VecheError } from '@veche/client';
import { CircleX, SearchX } from 'lucide-react';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { usePageTitle } from '../app/page-title';
import { useProblemText } from '../app/problem';
import type { Search } from '../app/search';
import { useOverview } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { useRoomName } from '../rooms/room-name';
import { useMe } from '../session/session';
import { PageHead } from '../shell/page-head';
import { Button } from '../ui/button';
import { Empty, Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import field from '../ui/search.module.css';
import { Hit } from './hit';
import { isAsked, useHits } from './hits';
import { rememberSearch } from './recent';
import { isFind } from './search-keys';
import { Beginning } from './beginning';
import style from './search-page.module.css';

const route = getRouteApi('/members/search');

/** A hand that types does not ask for every letter. */
const PAUSE_MS = 200;

/** Which message was opened from which search, and how far down it was. */
let left: { href: string; top: number; hit: string } | undefined;

/** Messages by what they say. What is asked for stands in the address, so that a way back leads to it. */
export const SearchPage = (): ReactNode => {
  const messages = useMessages();
  const { search } = messages;
  const me = useMe();
  const router = useRouter();
  const scroller = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const { q, room, near, has, order, text, setText, change } = useWanted();
  const wanted = { q: q.trim(), room, has, order };
  const asked = isAsked(wanted);
  const found = useHits(wanted);
  const hits = asked ? found.data?.pages.flatMap(({ items }) => items) : undefined;
  const place = useComingBack(scroller, input, hits !== undefined);
  usePageTitle(search.title);

  // the best of something else is at the top
  const asking = JSON.stringify(wanted);
  const [seen, setSeen] = useState(asking);
  useLayoutEffect(() => {
    if (seen === asking) return;
    setSeen(asking);
    scroller.current?.scrollTo(0, 0);
  }, [seen, asking]);

  // the newest part of a long history may have nothing while an older one has
  const { hasNextPage, isFetching, isError, fetchNextPage } = found;
  const isFurther = hits?.length === 0 && hasNextPage;
  useEffect(() => {
    if (isFurther && !isFetching && !isError) void fetchNextPage();
  }, [isFurther, isFetching, isError, fetchNextPage]);

  useEffect(() => {
    // the second time it is the browser's
    const press = (event: globalThis.KeyboardEvent): void => {
      if (!isFind(event) || document.activeElement === input.current) return;
      event.preventDefault();
      input.current?.select();
      input.current?.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);

  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
    const isTyping = event.target === input.current;
    if (event.key === 'Escape' && isTyping && text === '' && router.history.canGoBack())
      router.history.back();
    if (event.key === 'Escape' && !isTyping) input.current?.focus();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-hit]')];
    const at = isTyping ? -1 : links.findIndex((link) => link === document.activeElement);
    if (at < 0 && !isTyping) return;
    const next = at + step < 0 ? input.current : links[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <>
      <PageHead title={search.title} />
      <div className={style.content} ref={scroller}>
        <div className={style.inner} onKeyDown={walk}>
          <search className={style.form}>
            <SearchField
              aria-label={search.title}
              value={text}
              onChange={setText}
              onSubmit={() => {
                change({ q: text });
                rememberSearch(me.id, text);
              }}
              className={`${field.bar} ${field.framed}`}
              autoFocus={!place}
            >
              <Input
                ref={input}
                className={field.input ?? ''}
                dir="auto"
                placeholder={search.placeholder}
                maxLength={MAX_SEARCH}
                enterKeyHint="search"
              />
              {text && (
                <AriaButton className={style.clear ?? ''} aria-label={search.forget}>
                  <CircleX size={18} />
                </AriaButton>
              )}
            </SearchField>
            <Filters near={near} room={room} has={has} order={order} onChange={change} />
          </search>
          <p role="status" className="heard-only">
            {hits &&
              !isFetching &&
              hits.length > 0 &&
              (hasNextPage ? search.shown : search.found)(hits.length)}
          </p>
          {!asked && <Beginning onChoose={(text) => change({ q: text })} />}
          {hits?.length === 0 && !hasNextPage && !found.isPlaceholderData && !found.error && (
            <Empty icon={<SearchX size={40} />} title={search.nothing} text={search.nothingText} />
          )}
          {hits && hits.length > 0 && (
            <ul className={style.hits} aria-label={search.results} aria-busy={found.isPlaceholderData}>
              {hits.map((hit) => (
                <Hit
                  key={`${hit.roomId}/${hit.seq}`}
                  hit={hit}
                  onOpen={() => {
                    rememberSearch(me.id, q);
                    left = {
                      href: router.latestLocation.href,
                      top: scroller.current?.scrollTop ?? 0,
                      hit: `${hit.roomId}/${hit.seq}`,
                    };
                  }}
                />
              ))}
            </ul>
          )}
          {asked && found.error && (
            <Failed
              error={found.error}
              onRetry={() => void (found.isFetchNextPageError ? fetchNextPage() : found.refetch())}
            />
          )}
          {asked && !found.error && (!hits || isFurther || found.isFetchingNextPage) && <Waiting />}
          {hits && hits.length > 0 && hasNextPage && !found.isPlaceholderData && (
            <div className={style.more}>
              <Button onPress={() => void (isFetching || fetchNextPage())}>{messages.more}</Button>
            </div>
          )}
        </div>
      </div>
    </>
  );
};

type Change = Pick<Search, 'q'> & { room?: string | undefined; has?: Has[]; order?: 'newest' | undefined };

/** What is searched for, as the address says it, and what is being typed for it. */
const useWanted = () => {
  const { q = '', room, has = [], order } = route.useSearch();
  const navigate = useNavigate();
  const { state } = useRouter().latestLocation;
  const near = room ?? state.near;
  const [text, setText] = useState(q);
  const [written, setWritten] = useState(q);
  const [shown, setShown] = useState(q);
  if (shown !== q) {
    setShown(q);
    // another search was gone to; what was typed meanwhile for this one stays
    if (q !== written) {
      setWritten(q);
      setText(q);
    }
  }
  const change = (changed: Change): void => {
    const now = { q: text, room, has, order, ...changed };
    setWritten(now.q);
    setText(now.q);
    void navigate({
      to: '/search',
      search: {
        ...(now.q && { q: now.q }),
        ...(now.room && { room: now.room }),
        ...(now.has.length > 0 && { has: now.has }),
        ...(now.order && { order: now.order }),
      },
      ...(near && { state: { near } }),
      replace: true,
    });
  };
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => change({ q: text }), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return { q, room, near, has, order, text, setText, change };
};

/** Leads who comes back from a message to where they left the list. @returns whether somebody does */
const useComingBack = (
  scroller: RefObject<HTMLElement | null>,
  input: RefObject<HTMLElement | null>,
  isThere: boolean,
): boolean => {
  const { latestLocation } = useRouter();
  const [place, setPlace] = useState(() => (left?.href === latestLocation.href ? left : undefined));
  useLayoutEffect(() => {
    if (!place || !isThere || !scroller.current) return;
    scroller.current.scrollTop = place.top;
    const hit = scroller.current.querySelector<HTMLElement>(`[data-hit="${place.hit}"]`);
    (hit ?? input.current)?.focus({ preventScroll: true });
    left = undefined;
    setPlace(undefined);
  }, [place, isThere, scroller, input]);
  return place !== undefined;
};

interface FiltersProps {
  near: string | undefined;
  room: string | undefined;
  has: Has[];
  order: 'newest' | undefined;
  onChange: (change: Change) => void;
}

const Filters = ({ near, room, has, order, onChange }: FiltersProps): ReactNode => {
  const { search } = useMessages();
  const toggle = (one: Has): void =>
    onChange({ has: has.includes(one) ? has.filter((other) => other !== one) : [...has, one] });
  return (
    <div role="group" aria-label={search.filters} className={style.filters}>
      {near && <InRoom id={near} isOn={room !== undefined} onChange={onChange} />}
      <Filter name={search.link} isOn={has.includes('link')} onPress={() => toggle('link')} />
      <Filter name={search.code} isOn={has.includes('code')} onPress={() => toggle('code')} />
      <Filter
        name={search.newest}
        isOn={order !== undefined}
        onPress={() => onChange({ order: order ? undefined : 'newest' })}
      />
    </div>
  );
};

const InRoom = ({
  id,
  ...props
}: {
  id: string;
  isOn: boolean;
  onChange: FiltersProps['onChange'];
}): ReactNode => {
  const room = useOverview(id);
  return room && <InThisRoom room={room} {...props} />;
};

const InThisRoom = ({
  room,
  isOn,
  onChange,
}: {
  room: RoomOverview;
  isOn: boolean;
  onChange: FiltersProps['onChange'];
}): ReactNode => {
  const { search } = useMessages();
  const name = useRoomName(room);
  return (
    <Filter
      name={search.inRoom(name)}
      isOn={isOn}
      onPress={() => onChange({ room: isOn ? undefined : room.id })}
    />
  );
};

const Filter = ({ name, isOn, onPress }: { name: string; isOn: boolean; onPress: () => void }): ReactNode => (
  <AriaButton className={style.filter ?? ''} aria-pressed={isOn} onPress={onPress}>
    {name}
  </AriaButton>
);

const Failed = ({ error, onRetry }: { error: Error; onRetry: () => void }): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  // trying again would change nothing
  if (error instanceof VecheError && error.code === 'invalid_input')
    return <Notice kind="info">{messages.search.refused}</Notice>;
  return <Notice action={<Button onPress={onRetry}>{messages.retry}</Button>}>{text(error)}</Notice>;
};

const Waiting = (): ReactNode => (
  <div aria-busy className={style.waiting}>
    {[70, 55, 62].map((width) => (
      <Skeleton key={width} width={`${width}%`} height="3.5rem" />
    ))}
  </div>
);
