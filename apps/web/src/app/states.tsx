import { Link, type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { CircleAlert, Compass, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { session } from '../session/session';
import { Button, buttonClass } from '../ui/button';
import { Empty } from '../ui/notice';
import { usePageTitle } from './page-title';
import style from './states.module.css';

/** Thrown where the server was to say who is logged in, and did not. */
export class Unreachable extends Error {}

/** The whole page waits: for its parts, or for the server. */
export const Starting = (): ReactNode => {
  const messages = useMessages();
  return (
    <main className={style.page} aria-busy>
      <img className={style.mark} src="/favicon.svg" alt={messages.loading} />
    </main>
  );
};

export const NotFound = (): ReactNode => {
  const { problems } = useMessages();
  usePageTitle(problems.notFoundTitle);
  return (
    <main className={style.page}>
      <Empty
        heading="h1"
        icon={<Compass size={40} />}
        title={problems.notFoundTitle}
        text={problems.notFoundText}
      >
        <Link to="/" className={buttonClass('primary')}>
          {problems.home}
        </Link>
      </Empty>
    </main>
  );
};

export const Crashed = ({ error }: ErrorComponentProps): ReactNode => {
  const messages = useMessages();
  const router = useRouter();
  const { problems } = messages;
  const again = async (): Promise<void> => {
    await session.resume();
    await router.invalidate();
  };
  return (
    <main className={style.page}>
      {error instanceof Unreachable ? (
        <Empty heading="h1" icon={<WifiOff size={40} />} title={problems.title} text={problems.network}>
          <Button look="primary" onPress={again}>
            {messages.retry}
          </Button>
        </Empty>
      ) : (
        <Empty heading="h1" icon={<CircleAlert size={40} />} title={problems.title} text={problems.crashed}>
          <Button look="primary" onPress={() => location.reload()}>
            {problems.reload}
          </Button>
        </Empty>
      )}
    </main>
  );
};
