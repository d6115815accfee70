import type { Account, Role } from '@veche/client';
import { UserRoundSearch } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { usePageTitle } from '../app/page-title';
import { usePages } from '../app/pages';
import { useFormats, useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { api, useMe } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Filter } from '../ui/filter';
import { ListLine, PagedList } from '../ui/list';
import { Empty } from '../ui/notice';
import { Select } from '../ui/select';
import { NewUser } from './new-user';
import { UserMenu } from './user-menu';
import { USERS_KEY } from './users-query';
import style from './admin.module.css';

const ROLES = ['guest', 'user', 'moderator', 'admin'] as const;
const STATES = ['all', 'active', 'disabled'] as const;

/** Everybody who has an account. */
export const Users = (): ReactNode => {
  const { admin } = useMessages();
  const [search, setSearch] = useState('');
  const [role, setRole] = useState<Role | 'any'>('any');
  const [state, setState] = useState<(typeof STATES)[number]>('all');
  const [making, setMaking] = useState(false);
  const wanted = useDeferredValue(search.trim());
  const found = usePages([...USERS_KEY, wanted, role, state], (page) =>
    api.admin.users({
      ...(wanted && { search: wanted }),
      ...(role !== 'any' && { role }),
      ...(state !== 'all' && { disabled: state === 'disabled' }),
      ...page,
    }),
  );
  usePageTitle(admin.users);
  return (
    <section className={style.page}>
      <div className={style.head}>
        <h2 className={style.title}>{admin.users}</h2>
        <Button look="primary" onPress={() => setMaking(true)}>
          {admin.newUser}
        </Button>
      </div>
      <div className={style.filters}>
        <Filter label={admin.find} text={search} onText={setSearch} />
        <Select
          label={admin.role}
          value={role}
          options={[
            { value: 'any', name: admin.anyRole },
            ...ROLES.map((value) => ({ value, name: admin.roles[value] })),
          ]}
          onChange={setRole}
        />
        <Select
          label={admin.state}
          value={state}
          options={STATES.map((value) => ({ value, name: admin.states[value] }))}
          onChange={setState}
        />
      </div>
      <PagedList
        found={found}
        empty={<Empty icon={<UserRoundSearch size={40} />} title={admin.nobody} text={admin.nobodyText} />}
      >
        {(account) => <User key={account.id} account={account} />}
      </PagedList>
      {making && <NewUser onClose={() => setMaking(false)} />}
    </section>
  );
};

const User = ({ account }: { account: Account }): ReactNode => {
  const { admin, you } = useMessages();
  const formats = useFormats();
  const me = useMe();
  const { id, displayName, username, email, role, disabled, lastSeenAt } = account;
  return (
    <ListLine
      mark={<Avatar id={id} name={displayName} />}
      name={straight(displayName)}
      badges={
        <>
          {id === me.id && <Badge>{you}</Badge>}
          {role !== 'user' && <Badge>{admin.roles[role]}</Badge>}
          {disabled && <Badge warns>{admin.disabled}</Badge>}
        </>
      }
      notes={[
        `@${username} · ${email}`,
        lastSeenAt ? admin.lastSeen(formats.ago(new Date(lastSeenAt), new Date())) : admin.notSeen,
      ]}
    >
      <UserMenu account={account} />
    </ListLine>
  );
};
