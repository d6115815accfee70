import { connect, createSession } from '@veche/client';
import { seenBy } from './whole';

/** A device of its own: a process with the SDK in it, which can be put to sleep. */
const { url, login, password, roomId } = JSON.parse(process.env.DEVICE ?? '') as Record<
  'url' | 'login' | 'password' | 'roomId',
  string
>;

const begin = async (): Promise<void> => {
  const session = createSession({ url, tokenTransport: 'body' });
  await session.login({ login, password });
  const client = connect({ url, getToken: session.getToken });
  const room = client.room(roomId);
  room.timeline.subscribe(() => undefined);
  room.members.subscribe(() => undefined);
  process.on('message', () => process.send?.(seenBy(client)));
  process.on('disconnect', () => process.exit());
};

void begin();
