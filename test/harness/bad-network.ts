import { type Client, connect, createSession, type SignIn } from '@veche/client';
import { eventually, freePort } from '@veche/testing';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Link } from './link';
import { Person, unique } from './people';
import { Proxy, type Upgrades } from './proxy';
import { decode, signRs256 } from './tokens';
import type { Veche } from './veche';
import { differences, type Seen, seenBy } from './whole';

const PASSWORD = 'pass-word-of-a-test on a bad network';

/** Somebody whose SDK has the bad network. */
export interface User {
  readonly client: Client;
  readonly id: string;
  readonly username: string;
}

/** What their device needs to log in. */
export interface Account {
  readonly login: string;
  readonly password: string;
}

/** What goes wrong, and is over when it resolves, but for what stays slow. */
export type Fault = (network: BadNetwork) => Promise<void>;

export const faults: Record<string, Fault> = {
  'a cut connection': async ({ link }) => {
    link.cut();
    await pause(300);
    link.mend();
  },
  'a cut of some seconds': async ({ link }) => {
    link.cut();
    await pause(3_000);
    link.mend();
  },
  'a stalled connection': async ({ link }) => {
    link.stall();
    await pause(2_500);
    link.mend();
  },
  'a connection that is dead without a word': ({ link }) => Promise.resolve(link.lose()),
  'a slow network': async ({ link }) => {
    link.delayMs = 150;
    link.cut();
    link.mend();
    await pause(2_000);
  },
};

const portsOf = ({ doors }: Veche): number[] =>
  doors.gateways.map((gateway) => Number(new URL(gateway).port));

/** A way of its own to a Veche, with clients at its other end; beside it stands a good one, to see what is true. */
export class BadNetwork {
  private readonly clients: Client[] = [];
  private readonly direct = new Map<string, Promise<Person>>();

  private constructor(
    private readonly veche: Veche,
    readonly link: Link,
    readonly proxy?: Proxy,
  ) {}

  static async open(veche: Veche): Promise<BadNetwork> {
    return new BadNetwork(veche, await Link.open('clients', await freePort(), portsOf(veche)));
  }

  /** With a proxy before one gateway that does this with WebSockets. */
  static async behindProxy(veche: Veche, upgrades: Upgrades): Promise<BadNetwork> {
    const proxy = await Proxy.open(await freePort(), portsOf(veche).slice(0, 1), upgrades);
    return new BadNetwork(veche, await Link.open('clients', await freePort(), [proxy.port]), proxy);
  }

  close(): void {
    for (const client of this.clients) client.close();
    this.link.close();
    this.proxy?.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.link.port}`;
  }

  /** Every client has noticed that it has no connection. */
  get isDown(): boolean {
    return this.clients.every(({ connection }) => connection.get().status === 'offline');
  }

  /** A new account, whose owner has no client yet. */
  async account(name: string): Promise<Account> {
    return (await this.signUp(name)).account;
  }

  async user(name: string): Promise<User> {
    const { session, account } = await this.signUp(name);
    const client = connect({ url: this.url, getToken: session.getToken });
    this.clients.push(client);
    await eventually(() => client.rooms.get().loaded);
    return { client, id: client.userId ?? '', username: account.login };
  }

  /** The same person by the good network. */
  directly({ username }: { username: string }): Promise<Person> {
    const known = this.direct.get(username) ?? this.logIn(username);
    this.direct.set(username, known);
    return known;
  }

  /** What the client shows becomes what the server has. */
  async becomesWhole(username: string, seen: () => Seen | Promise<Seen>, within = 40_000): Promise<void> {
    let found: string[] = ['nothing was compared'];
    await eventually(
      async () => {
        found = await differences(await seen(), await this.directly({ username }));
        if (found.length > 0) await pause(100);
        return found.length === 0;
      },
      { within },
    ).catch((error: unknown) => {
      throw new Error(`not whole:\n${found.join('\n')}`, { cause: error });
    });
  }

  async becomeWhole(...users: readonly User[]): Promise<void> {
    for (const { client, username } of users) await this.becomesWhole(username, () => seenBy(client));
  }

  /** Every message is in the log once, and those of one client in one room in the order in which they were sent. */
  async arrivedOnce(sender: User, roomId: string, clientIds: readonly string[]): Promise<void> {
    const log = await (await this.directly(sender)).log(roomId);
    const ids = new Set(clientIds);
    expect(log.map((e) => e.clientId).filter((id) => ids.has(id ?? ''))).toEqual(clientIds);
  }

  private async signUp(name: string): Promise<{ session: SignIn; account: Account }> {
    const session = createSession({ url: this.url, tokenTransport: 'body' });
    const username = unique(name);
    await session.register({ username, email: `${username}@example.org`, password: PASSWORD });
    return { session, account: { login: username, password: PASSWORD } };
  }

  /** With a token that outlives the test, however short those of the server are. */
  private async logIn(username: string): Promise<Person> {
    const { doors } = this.veche;
    const person = await Person.login(doors, { login: username, password: PASSWORD }, doors.gateways[0]);
    const { header, payload } = decode(person.token);
    const key = createPrivateKey(readFileSync(doors.keyFile));
    person.rest.token = signRs256({ header, payload: { ...payload, exp: Number(payload.exp) + 3600 } }, key);
    return person;
  }
}

/** As a page does that shows a room. */
export const watch = ({ client }: User, roomId: string): void => {
  const room = client.room(roomId);
  room.timeline.subscribe(() => undefined);
  room.members.subscribe(() => undefined);
};

/** Two people write in two rooms before, while and after something happens; then nothing is missing anywhere. */
export const talkThrough = async (network: BadNetwork, fault: Fault): Promise<void> => {
  const [anna, boris] = [await network.user('anna'), await network.user('boris')];
  const { api } = anna.client;
  const room = await api.rooms.create({ name: unique('room'), kind: 'private', members: [boris.username] });
  const other = await api.rooms.create({ name: unique('room'), kind: 'public', members: [boris.username] });
  for (const user of [anna, boris]) for (const { id } of [room, other]) watch(user, id);
  await eventually(() => boris.client.room(other.id).overview.get() !== undefined);

  const sent: Record<string, string[]> = { [room.id]: [], [other.id]: [] };
  const arrivals: Promise<unknown>[] = [];
  const say = (from: User, roomId: string, text: string): void => {
    const { clientId, committed } = from.client.room(roomId).send(text);
    if (from === anna) sent[roomId]?.push(clientId);
    arrivals.push(committed);
  };
  for (let i = 0; i < 20; i++) say(anna, i % 3 ? room.id : other.id, `before ${i}`);
  const broken = fault(network);
  for (let i = 0; i < 20; i++) {
    say(anna, i % 3 ? room.id : other.id, `meanwhile ${i}`);
    say(boris, room.id, `his ${i}`);
    await pause(20);
  }
  await broken;
  const hers = await network.directly(anna);
  await hers.rest.patch(`/rooms/${other.id}`, { topic: 'said while they were away' });
  boris.client.room(room.id).markRead();
  say(anna, room.id, 'after');
  await Promise.all(arrivals);
  for (const roomId of [room.id, other.id]) await network.arrivedOnce(anna, roomId, sent[roomId] ?? []);
  await network.becomeWhole(anna, boris);
};

/**
 * Tests that nearly all wait for something do it together, each in a network of its own.
 * @returns as `test`, but run with a network that is closed afterwards
 */
export const concurrently =
  (veche: () => Veche) =>
  (name: string, run: (network: BadNetwork) => Promise<void>): void =>
    test.concurrent(
      name,
      async () => {
        const network = await BadNetwork.open(veche());
        try {
          await run(network);
        } finally {
          network.close();
        }
      },
      180_000,
    );
