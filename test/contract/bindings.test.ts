import { Controller, Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Access, type UserPrincipal } from '@veche/access';
import {
  DELIVERY,
  type GetChatHealthResponse,
  type ListMembershipsResponse,
  type ListRoomEntriesResponse,
  type SubscribeRequest,
  type SubscribeResponse,
} from '@veche/contracts';
import { GetChatHealthDto, ListMembershipsDto, ListRoomEntriesDto, SubscribeDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import {
  Authenticator,
  type Call,
  type Client,
  Each,
  grpcServer,
  type Handlers,
  local,
  remote,
  RpcModule,
  RpcService,
} from '@veche/rpc';
import { eventually } from '@veche/testing';
import { createServer } from 'node:net';
import { defer, finalize, map, merge, type Observable, of, ReplaySubject } from 'rxjs';

const SERVICE_TOKEN = 'a-service-token-for-tests';
const at = new Date('2026-01-02T03:04:05.678Z');

class Tokens extends Authenticator {
  async authenticate(token: string): Promise<UserPrincipal> {
    if (token !== 'good') throw new AppError('invalid_token');
    return {
      kind: 'user',
      userId: 'u',
      sessionId: 's',
      role: 'user',
      appId: 'veche',
      expiresAt: Date.now() + 60_000,
    };
  }
  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}

@Controller()
@RpcService(DELIVERY)
class Delivery implements Handlers<typeof DELIVERY.definition> {
  static followed = 0;

  @Access('service')
  @Each(SubscribeDto)
  subscribe(requests: Observable<SubscribeDto>, _call: Call): Observable<SubscribeResponse> {
    const entry = { roomId: 'r', seq: 2 ** 53 - 1, actorId: 'a', at, body: undefined };
    const first = { body: { $case: 'entries' as const, value: { entries: [entry] } } };
    const answers = requests.pipe(
      map(({ addRooms: goneRooms, removeUsers }): SubscribeResponse => {
        if (removeUsers.length > 0) throw new AppError('overloaded', { detail: 'enough' });
        return { body: { $case: 'serving', value: { rooms: [], goneRooms } } };
      }),
    );
    return defer(() => {
      Delivery.followed++;
      return merge(of(first, { body: undefined }), answers);
    }).pipe(finalize(() => Delivery.followed--));
  }

  @Access('service')
  getChatHealth(_request: GetChatHealthDto): GetChatHealthResponse {
    return { checks: [] };
  }

  @Access('messages.read')
  async listMemberships(request: ListMembershipsDto, call: Call): Promise<ListMembershipsResponse> {
    if (call.principal.kind !== 'user') throw new Error('no user');
    const membership = {
      userId: call.principal.userId,
      roomId: call.requestId,
      lastSeq: 0,
      readSeq: 0,
      mentions: 0,
      memberCount: 2,
    };
    return { memberships: request.userIds.map(() => membership) };
  }

  @Access('public')
  async listRoomEntries(request: ListRoomEntriesDto): Promise<ListRoomEntriesResponse> {
    if (request.limit === 1)
      throw new AppError('invalid_input', { errors: [{ field: 'a.0', message: 'м' }] });
    if (request.limit === 2) throw new TypeError('a secret detail');
    if (request.limit === 3) await new Promise(() => undefined);
    return { entries: [], lastSeq: request.after };
  }
}

@Global()
@Module({ providers: [{ provide: Authenticator, useClass: Tokens }], exports: [Authenticator] })
class TokensModule {}

type DeliveryClient = Client<typeof DELIVERY.definition>;
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const bindings: Record<string, () => Promise<{ client: DeliveryClient; close: () => Promise<void> }>> = {
  local: async () => {
    const module = await Test.createTestingModule({
      imports: [TokensModule, RpcModule.forRoot(SERVICE_TOKEN, [local(DELIVERY, Delivery)])],
      controllers: [Delivery],
    }).compile();
    const app = await module.init();
    return { client: app.get<DeliveryClient>(DELIVERY.token), close: () => app.close() };
  },
  remote: async () => {
    const url = `127.0.0.1:${await freePort()}`;
    const serving = await Test.createTestingModule({
      imports: [TokensModule, RpcModule.forRoot(SERVICE_TOKEN, [])],
      controllers: [Delivery],
    }).compile();
    const server = serving.createNestMicroservice(grpcServer(url, [DELIVERY]));
    await server.listen();
    const calling = await Test.createTestingModule({
      imports: [TokensModule, RpcModule.forRoot(SERVICE_TOKEN, [remote(DELIVERY, url)])],
    }).compile();
    const app = await calling.init();
    return {
      client: app.get<DeliveryClient>(DELIVERY.token),
      close: async () => {
        await app.close();
        await server.close();
      },
    };
  },
};

describe.each(Object.keys(bindings))('the %s binding', (name) => {
  let client: DeliveryClient;
  let close: () => Promise<void>;
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const context = { requestId: 'request-1' };
  const nothing = { addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] };

  beforeAll(async () => {
    ({ client, close } = (await bindings[name]?.()) as {
      client: DeliveryClient;
      close: () => Promise<void>;
    });
  });
  afterAll(() => close());

  test('takes the user from the token and carries the request id', async () => {
    await expect(client.listMemberships({ userIds: [id] }, { ...context, token: 'good' })).resolves.toEqual({
      memberships: [
        { userId: 'u', roomId: 'request-1', lastSeq: 0, readSeq: 0, mentions: 0, memberCount: 2 },
      ],
    });
  });

  test('keeps empty lists and zeros', async () => {
    await expect(client.listRoomEntries({ roomId: id, after: 0, limit: 10 }, context)).resolves.toEqual({
      entries: [],
      lastSeq: 0,
    });
  });

  test('refuses callers without a token, and bad tokens', async () => {
    await expect(client.listMemberships({ userIds: [] }, context)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(client.listMemberships({ userIds: [] }, { ...context, token: 'bad' })).rejects.toMatchObject(
      {
        code: 'invalid_token',
      },
    );
  });

  test('carries typed errors with their data, and says no more than internal about others', async () => {
    const failing = (limit: number): Promise<unknown> =>
      client.listRoomEntries({ roomId: id, after: 0, limit }, context).catch((error: unknown) => error);
    const typed = await failing(1);
    expect(typed).toBeInstanceOf(AppError);
    expect(typed).toMatchObject({
      code: 'invalid_input',
      data: { errors: [{ field: 'a.0', message: 'м' }] },
    });
    const bug = await failing(2);
    expect(bug).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(bug)).not.toContain('secret');
  });

  test('validates requests', async () => {
    const error: unknown = await client
      .listRoomEntries({ roomId: 'no', after: -1, limit: 10 }, context)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid_input' });
    expect((error as AppError).data.errors?.map((e) => e.field)).toEqual(['roomId', 'after']);
  });

  test('gives up at the deadline', async () => {
    const waiting = client.listRoomEntries(
      { roomId: id, after: 0, limit: 3 },
      { ...context, deadline: Date.now() + 50 },
    );
    await expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  test('streams dates and 64-bit numbers, and ends with the typed error', async () => {
    const seen: unknown[] = [];
    const error = await new Promise((resolve) =>
      client
        .subscribe(of({ ...nothing, removeUsers: [id] }), context)
        .subscribe({ next: (v) => seen.push(v), error: resolve }),
    );
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual({
      body: {
        $case: 'entries',
        value: { entries: [{ roomId: 'r', seq: 2 ** 53 - 1, actorId: 'a', at, body: undefined }] },
      },
    });
    expect(error).toMatchObject({ code: 'overloaded', data: { detail: 'enough' } });
  });

  test('answers a stream of requests one by one, and ends with the first that is not valid', async () => {
    const requests = new ReplaySubject<SubscribeRequest>();
    const gone: string[][] = [];
    let error: unknown;
    const stream = client.subscribe(requests, context).subscribe({
      next: ({ body }) => body?.$case === 'serving' && gone.push(body.value.goneRooms),
      error: (e: unknown) => (error = e),
    });
    try {
      for (const addRooms of [[id], [], [id, id]]) {
        const told = gone.length;
        requests.next({ ...nothing, addRooms });
        await eventually(() => gone.length > told);
      }
      expect(gone).toEqual([[id], [], [id, id]]);
      requests.next({ ...nothing, addRooms: ['no id'] });
      await eventually(() => error);
      expect(error).toMatchObject({ code: 'invalid_input' });
    } finally {
      stream.unsubscribe();
    }
    expect(requests.observed).toBe(false);
  });

  test('tells a handler when nobody follows its stream any more', async () => {
    const requests = new ReplaySubject<SubscribeRequest>();
    const before = Delivery.followed;
    const stream = client.subscribe(requests, context).subscribe();
    await eventually(() => Delivery.followed === before + 1);
    stream.unsubscribe();
    await eventually(() => Delivery.followed === before);
  });
});

test('a handler without an access declaration cannot be defined', () => {
  expect(() => {
    @RpcService(DELIVERY)
    class Forgetful {
      @Each(SubscribeDto)
      subscribe(_requests: Observable<SubscribeDto>): Observable<SubscribeResponse> {
        return of();
      }
      getChatHealth = undefined as never;
      listMemberships = undefined as never;
      listRoomEntries = undefined as never;
    }
    return Forgetful;
  }).toThrow('declares no @Access');
});
