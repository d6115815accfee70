import type { Session } from '@veche/client';
import { Monitor, Smartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import { queries, useMutation, useQuery } from '../app/queries';
import { usePageTitle } from '../app/page-title';
import { useProblemText } from '../app/problem';
import { useFormats, useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { List, ListLine } from '../ui/list';
import { Notice } from '../ui/notice';
import { toast } from '../ui/toast';
import { Section } from './settings';

const KEY = ['sessions'];

export const Sessions = (): ReactNode => {
  const messages = useMessages();
  const { settings } = messages;
  const text = useProblemText();
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: () => api.sessions.list() });
  const ending = useMutation({
    mutationFn: (sessionId: string | undefined) =>
      sessionId ? api.sessions.end(sessionId) : api.sessions.endOthers(),
    onSuccess: (_, sessionId) => toast(sessionId ? settings.sessionEnded : settings.othersEnded),
    onError: (problem) => toast(text(problem)),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  usePageTitle(settings.sessions);
  const others = data?.items.some(({ current }) => !current);
  return (
    <Section title={settings.sessions} text={settings.sessionsText}>
      {error && !data && (
        <Notice action={<Button onPress={() => void refetch()}>{messages.retry}</Button>}>
          {text(error)}
        </Notice>
      )}
      <List isPending={!data && !error}>
        {data?.items.map((one) => (
          <Device
            key={one.id}
            session={one}
            isEnding={ending.isPending && ending.variables === one.id}
            onEnd={() => ending.mutate(one.id)}
          />
        ))}
      </List>
      {others && (
        <div>
          <Button
            isPending={ending.isPending && ending.variables === undefined}
            onPress={() => ending.mutate(undefined)}
          >
            {settings.endOthers}
          </Button>
        </div>
      )}
    </Section>
  );
};

const Device = ({
  session,
  isEnding,
  onEnd,
}: {
  session: Session;
  isEnding: boolean;
  onEnd: () => void;
}): ReactNode => {
  const { settings } = useMessages();
  const formats = useFormats();
  const name = session.deviceName || settings.unknownDevice;
  const seen = formats.ago(new Date(session.lastSeenAt), new Date());
  return (
    <ListLine
      mark={
        /Android|iOS/.test(name) ? <Smartphone size={22} aria-hidden /> : <Monitor size={22} aria-hidden />
      }
      name={name}
      badges={session.current && <Badge>{settings.thisSession}</Badge>}
      notes={[
        [session.ip, settings.lastSeen(seen)].join(' · '),
        settings.since(formats.moment(new Date(session.createdAt))),
      ]}
    >
      {!session.current && (
        <Button aria-label={settings.endSessionOf(name)} isPending={isEnding} onPress={onEnd}>
          {settings.endSession}
        </Button>
      )}
    </ListLine>
  );
};
