import type { ApiKey } from '@veche/client';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { usePageTitle } from '../app/page-title';
import { useProblemText } from '../app/problem';
import { useQuery } from '../app/queries';
import { useFormats, useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { api } from '../session/session';
import { Badge } from '../ui/badge';
import { Button, buttonClass } from '../ui/button';
import { List, ListLine } from '../ui/list';
import { Empty, Notice } from '../ui/notice';
import { ApiKeyMenu } from './api-key-menu';
import { API_KEYS_KEY } from './api-keys-query';
import { CreateApiKey } from './create-api-key';
import { oldSecretEnds } from './old-secret';
import style from './admin.module.css';

/** The keys by which programs call. */
export const ApiKeys = (): ReactNode => {
  const { apiKeys, retry } = useMessages();
  const text = useProblemText();
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: API_KEYS_KEY,
    queryFn: () => api.admin.apiKeys.list(),
  });
  usePageTitle(apiKeys.title);
  return (
    <section className={style.page}>
      <div className={style.head}>
        <h2 className={style.title}>{apiKeys.title}</h2>
        <Button look="primary" onPress={() => setCreating(true)}>
          {apiKeys.create}
        </Button>
      </div>
      {error && !data && (
        <Notice action={<Button onPress={() => void refetch()}>{retry}</Button>}>{text(error)}</Notice>
      )}
      {data?.items.length === 0 ? (
        <Empty icon={<KeyRound size={40} />} title={apiKeys.none} text={apiKeys.noneText}>
          <a href="/docs" target="_blank" rel="noopener" className={buttonClass('secondary')}>
            {apiKeys.docs}
          </a>
        </Empty>
      ) : (
        <List isPending={!data && !error}>
          {data?.items.map((key) => (
            <Line key={key.id} of={key} />
          ))}
        </List>
      )}
      {isCreating && <CreateApiKey onClose={() => setCreating(false)} />}
    </section>
  );
};

const Line = ({ of }: { of: ApiKey }): ReactNode => {
  const { apiKeys } = useMessages();
  const formats = useFormats();
  const { name, hint, scopes, createdAt, lastUsedAt, expiresAt } = of;
  const now = new Date();
  const expires = expiresAt === undefined ? undefined : new Date(expiresAt);
  const hasExpired = expires !== undefined && expires <= now;
  const old = oldSecretEnds(of);
  // a later server may know more of them
  const names: Partial<Record<string, string>> = apiKeys.scopeNames;
  return (
    <ListLine
      mark={<KeyRound size={22} aria-hidden />}
      name={straight(name)}
      badges={
        <>
          <Badge>{hint}…</Badge>
          {hasExpired && <Badge warns>{apiKeys.expired}</Badge>}
        </>
      }
      notes={[
        // a line for each: none of them may be cut off
        ...scopes.map((scope) => names[scope] ?? scope),
        [
          apiKeys.created(formats.date(new Date(createdAt))),
          lastUsedAt ? apiKeys.used(formats.ago(new Date(lastUsedAt), now)) : apiKeys.notUsed,
        ].join(' · '),
        expires && !hasExpired ? apiKeys.until(formats.date(expires)) : undefined,
        old && old > now ? apiKeys.oldUntil(formats.moment(old)) : undefined,
      ]}
    >
      <ApiKeyMenu of={of} mayRotate={!hasExpired} />
    </ListLine>
  );
};
