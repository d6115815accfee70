import { randomBytes, randomUUID } from 'node:crypto';
import { inTurns } from './waiting';
import { Rest } from './rest';
import { Socket, type SocketOptions } from './socket';
import type { Doors } from './veche';
import type { Entry, Events, Room, SignedIn, User } from './wire';

/** Begins every password that tests use, so that one found in a log is known. */
export const PASSWORD_MARK = 'pass-word-of-a-test';

/** A name that nobody has. */
export const unique = (prefix: string): string => `${prefix}-${randomBytes(5).toString('hex')}`;

/** Which gateway comes next: people are spread over all of them. */
let turn = 0;
export const nextGateway = (doors: Doors): string => doors.gateways[turn++ % doors.gateways.length]!;

/** Somebody with an account and a session. */
export class Person {
  private readonly sockets: Socket[] = [];

  constructor(
    readonly doors: Doors,
    readonly rest: Rest,
    readonly password: string,
    public user: User,
  ) {}

  static async register(doors: Doors, name = 'person', gateway = nextGateway(doors)): Promise<Person> {
    const rest = new Rest(gateway);
    const username = unique(name);
    const password = `${PASSWORD_MARK} ${randomUUID()}`;
    const answer = await rest.post<SignedIn>('/auth/register', {
      username,
      email: `${username}@example.org`,
      password,
    });
    rest.token = answer.accessToken;
    return new Person(doors, rest, password, answer.user);
  }

  /** Who has registered before, on a device of their own. */
  static async login(
    doors: Doors,
    credentials: { login: string; password: string; deviceName?: string },
    gateway = nextGateway(doors),
  ): Promise<Person> {
    const rest = new Rest(gateway);
    const answer = await rest.post<SignedIn>('/auth/login', credentials);
    rest.token = answer.accessToken;
    return new Person(doors, rest, credentials.password, answer.user);
  }

  get id(): string {
    return this.user.id;
  }

  get username(): string {
    return this.user.username;
  }

  get token(): string {
    return this.rest.token ?? '';
  }

  /** The same person on another device: a session of its own, on the next gateway unless told. */
  anotherDevice(deviceName = 'another device', gateway?: string): Promise<Person> {
    const { username: login, password } = this;
    return Person.login(this.doors, { login, password, deviceName }, gateway);
  }

  /** A connection of this session; closed by {@link leave}. */
  async socket(gateway = nextGateway(this.doors), options?: SocketOptions): Promise<Socket> {
    const socket = await Socket.open(gateway, this.token, options);
    this.sockets.push(socket);
    return socket;
  }

  createRoom(
    kind: 'public' | 'private',
    members: readonly Person[] = [],
    name = unique('room'),
  ): Promise<Room> {
    return this.rest.post('/rooms', { name, kind, members: members.map((m) => m.username) });
  }

  send(roomId: string, text: string, clientId: string = randomUUID()): Promise<Entry> {
    return this.rest.post(`/rooms/${roomId}/messages`, { text, clientId });
  }

  /** The room's whole log, by as many requests as it takes. */
  async log(roomId: string, pageSize = 1000): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const page = await this.rest.get<Events>(`/rooms/${roomId}/events?after=${after}&limit=${pageSize}`);
      entries.push(...page.items);
      if (page.complete) return entries;
      if (page.items.length === 0) throw new Error('a page is empty and says that more follows');
    }
  }

  leave(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }
}

/** The admin of the Veche that the suites of a run share. */
export const sharedAdmin = (doors: Doors): Promise<Person> => {
  const admin = process.env.VECHE_ADMIN;
  if (!admin) throw new Error('the global setup of the e2e project has not run');
  return Person.login(doors, JSON.parse(admin) as { login: string; password: string });
};

export const register = (doors: Doors, ...names: string[]): Promise<Person[]> =>
  inTurns(names, 4, (name) => Person.register(doors, name));

export const crowd = (doors: Doors, size: number): Promise<Person[]> =>
  register(doors, ...Array.from({ length: size }, () => 'one-of-many'));
