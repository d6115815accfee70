import { connect, type SearchHit } from '@veche/client';
import { SEARCH, SearchOrder } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Items } from '../harness/wire';

const doors = sharedDoors();
const grpc = (token: string) => new Grpc(SEARCH.definition, doors.chat.at(-1)!, token);

/** Two people in a room where something was said. */
const scene = async () => {
  const [anna, boris] = [await Person.register(doors), await Person.register(doors)];
  const room = await anna.createRoom('private', [boris]);
  const { seq } = await anna.send(room.id, 'The bridges of Königsberg: https://example.org');
  await boris.send(room.id, 'Мосты и 桥梁');
  return { anna, boris, roomId: room.id, seq };
};

const find = (by: Person, query: string): Promise<Items<SearchHit>> =>
  by.rest.get<Items<SearchHit>>(`/search?${query}`);
/** What was said a moment ago is found a moment later. */
const found = (by: Person, query: string): Promise<SearchHit[]> =>
  eventually(async () => {
    const { items } = await find(by, query);
    return items.length > 0 && items;
  });

test('what was said is found by every door, by who may read it', async () => {
  const { anna, boris, roomId, seq } = await scene();
  const [hit] = await found(boris, `q=${encodeURIComponent('bridge konigsberg has:link')}`);
  expect(hit).toMatchObject({ roomId, seq, message: { type: 'message.created', actorId: anna.id } });
  expect(hit?.marks.map(([start, end]) => hit.excerpt.slice(start, end))).toEqual(['bridges', 'Königsberg']);

  // another replica may have been told of it, and may be a moment later with it
  await found(boris, `q=${encodeURIComponent('мосты')}`);
  const byGrpc = await grpc(boris.token).call('searchMessages', {
    query: 'мост 桥 from:me',
    has: [],
    order: SearchOrder.NEWEST,
  });
  expect(byGrpc.hits).toMatchObject([
    {
      excerpt: 'Мосты и 桥梁',
      marks: [
        { start: 0, end: 5 },
        { start: 8, end: 9 },
      ],
    },
  ]);

  const client = connect({ url: anna.rest.gateway, token: anna.token, store: null });
  try {
    const today = new Date();
    const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    const first = await client.search(`in:@nobody`, { roomId });
    expect(first.items).toEqual([]);
    const page = await client.search(`after:${day}`, { roomId, order: 'newest', limit: 1 });
    expect(page.items.map(({ excerpt }) => excerpt)).toEqual(['Мосты и 桥梁']);
    const next = await client.search(`after:${day}`, {
      roomId,
      order: 'newest',
      limit: 1,
      cursor: page.nextCursor,
    });
    expect(next.items.map((item) => item.seq)).toEqual([seq]);
    expect((await client.search(`before:${day}`, { roomId })).items).toEqual([]);
    expect(await client.api.messages.at(roomId, day)).toEqual({ seq });
  } finally {
    client.close();
  }
});

test('a right that is taken away is taken at once, and so is a text', async () => {
  const { anna, boris, roomId, seq } = await scene();
  await found(boris, `q=bridges&roomId=${roomId}`);
  await anna.rest.patch(`/rooms/${roomId}/messages/${seq}`, { text: 'nothing of it' });
  expect((await find(boris, `q=bridges&roomId=${roomId}`)).items).toEqual([]);
  await found(boris, `q=nothing&roomId=${roomId}`);
  await anna.rest.delete(`/rooms/${roomId}/members/${boris.id}`);
  expect((await find(boris, 'q=nothing')).items).toEqual([]);
  for (const path of [`/search?q=nothing&roomId=${roomId}`, `/rooms/${roomId}/at?time=2026-01-01`])
    expect((await boris.rest.request<{ code: string }>('GET', path)).body.code).toBe('room_not_found');
});

test('a search that says nothing or too much is refused', async () => {
  const { anna } = await scene();
  for (const query of [
    'q=',
    'q=%20',
    `q=${'x'.repeat(257)}`,
    'q=x&has=beans',
    'q=x&before=soon',
    'q=x&order=worst',
    'q=x&cursor=!',
  ])
    expect([query, (await anna.rest.request<{ code: string }>('GET', `/search?${query}`)).body.code]).toEqual(
      [query, 'invalid_input'],
    );
});
