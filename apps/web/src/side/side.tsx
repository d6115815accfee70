import { Link, useNavigate } from '@tanstack/react-router';
import {
  Compass,
  Keyboard,
  LogOut,
  MessageCircle,
  Plus,
  Search,
  Settings,
  ShieldCheck,
  SmilePlus,
  TextSearch,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useProblemText } from '../app/problem';
import { useChat, useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { PersonAvatar } from '../people/person-avatar';
import { useStatusText } from '../people/presence';
import { NewConversation, NewRoom } from '../rooms/windows';
import { SEARCH_KEYS, useOpenSearch } from '../search/search-keys';
import { session, useMe } from '../session/session';
import { SWITCHER_KEYS } from '../shell/key-names';
import { openShortcuts, openSwitcher } from '../shell/switcher-keys';
import { ThreadsLink } from '../threads/threads-link';
import { StatusEditor } from '../status/windows';
import { IconButton } from '../ui/button';
import { MenuButton } from '../ui/menu-button';
import { toast } from '../ui/toast';
import { RoomList } from './room-list';
import { Invitations } from './windows';
import style from './side.module.css';

/** The rooms of whoever is logged in, and the ways to others. */
export const Side = (): ReactNode => {
  const { shell, rooms, search } = useMessages();
  const openSearch = useOpenSearch();
  return (
    <>
      <div className={style.head}>
        <Link to="/" className={style.brand}>
          <img src="/favicon.svg" alt="" />
          {PRODUCT}
        </Link>
        <IconButton
          label={`${search.title} (${SEARCH_KEYS})`}
          aria-keyshortcuts="Control+F Meta+F"
          onPress={() => openSearch()}
        >
          <TextSearch size={20} />
        </IconButton>
        <Create />
      </div>
      <Button className={style.search ?? ''} onPress={openSwitcher} aria-keyshortcuts="Control+K Meta+K">
        <Search size={16} aria-hidden />
        <span>{shell.switcher}</span>
        <kbd className={style.keys}>{SWITCHER_KEYS}</kbd>
      </Button>
      <Asked />
      <ThreadsLink className={style.browse} />
      <RoomList />
      <Link to="/browse" className={style.browse}>
        <Compass size={18} aria-hidden />
        {rooms.browseTitle}
      </Link>
      <Account />
    </>
  );
};

const PRODUCT = 'Veche';

/** Nobody loads it who is not asked. */
const Asked = (): ReactNode => {
  const { items } = useWatched(useChat().invitations);
  const [failed, setFailed] = useState(false);
  return items.length > 0 && !failed && <Invitations items={items} onClose={() => setFailed(true)} />;
};

const Create = (): ReactNode => {
  const { shell } = useMessages();
  const [making, setMaking] = useState<'room' | 'conversation'>();
  const close = (): void => setMaking(undefined);
  return (
    <>
      <MenuButton
        label={shell.create}
        trigger={(opens) => (
          <IconButton {...opens} label={shell.create}>
            <Plus size={20} />
          </IconButton>
        )}
        entries={[
          { icon: Plus, text: shell.createRoom, onAction: () => setMaking('room') },
          { icon: MessageCircle, text: shell.createDirect, onAction: () => setMaking('conversation') },
        ]}
      />
      {making === 'room' && <NewRoom onClose={close} />}
      {making === 'conversation' && <NewConversation onClose={close} />}
    </>
  );
};

const Account = (): ReactNode => {
  const { shell, admin, status } = useMessages();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const said = useStatusText(me.id);
  const [isSaying, setSaying] = useState(false);
  const logOut = async (): Promise<void> => {
    try {
      await session.logOut();
    } catch (error) {
      toast(text(error));
    }
  };
  return (
    <div className={style.account}>
      <MenuButton
        label={shell.account}
        trigger={(opens) => (
          <Button {...opens} className={style.me ?? ''}>
            <PersonAvatar id={me.id} name={me.displayName} />
            <span>
              <span className="heard-only">{shell.account}: </span>
              <span className={style.myName} dir="auto">
                {straight(me.displayName)}
              </span>
              <span className={style.handle} dir="auto">
                {said || `@${me.username}`}
              </span>
            </span>
          </Button>
        )}
        entries={[
          { icon: SmilePlus, text: status.set, onAction: () => setSaying(true) },
          {
            icon: Settings,
            text: shell.settings,
            onAction: () => void navigate({ to: '/settings/profile' }),
          },
          { icon: Keyboard, text: shell.shortcuts, onAction: openShortcuts },
          me.role === 'admin' && {
            icon: ShieldCheck,
            text: admin.title,
            onAction: () => void navigate({ to: '/admin/users' }),
          },
          'line',
          { icon: LogOut, text: shell.logOut, danger: true, onAction: () => void logOut() },
        ]}
      />
      {isSaying && <StatusEditor onClose={() => setSaying(false)} />}
    </div>
  );
};
