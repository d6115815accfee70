// Fills a running server with a demo, through its public door. Doing so again changes nothing.
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const env = { ...(existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}), ...process.env };
const server = process.argv[2] ?? `http://${env.HOST || '127.0.0.1'}:${env.PORT || 8080}`;
const PASSWORD = 'veche demo';

const people = { anna: 'Anna', boris: 'Boris', vera: 'Vera', gleb: 'Gleb', dasha: 'Dasha' };
const rooms = [
  {
    name: 'The square',
    kind: 'public',
    topic: 'Everybody may come',
    members: ['boris', 'vera', 'gleb', 'dasha'],
    said: [
      ['anna', 'The bell has rung. Who is here?'],
      ['boris', 'Here!'],
      ['vera', 'Here. What is it about?'],
      ['anna', 'The bridge. It will not see another winter.'],
      ['gleb', 'I have seen it. Two beams are rotten, the rest is good oak.'],
      ['dasha', 'Then two beams it is, and not a new bridge 🙂'],
      ['vera', 'Who has oak?'],
      ['gleb', 'I do. Eight ells each, dry for three years.'],
      ['anna', 'All in favour?'],
      ['boris', 'Aye'],
      ['dasha', 'Aye'],
      ['vera', 'Aye. And the nails?'],
    ],
  },
  {
    name: 'Bridge builders',
    kind: 'private',
    topic: 'Two beams, one Saturday',
    members: ['gleb', 'dasha'],
    said: [
      ['anna', 'Saturday at six?'],
      ['gleb', 'Seven. The horses have to be fetched.'],
      ['dasha', 'Seven. I bring the soup.'],
      [
        'gleb',
        '**What we need**\n\n- two beams of oak, `8 ells` each\n- forty nails\n- rope, and ~~four~~ six hands',
      ],
      [
        'anna',
        'So that everybody can see how long it will take:\n\n```js\nconst hours = beams * 3 + nails / 20;\n```',
      ],
      ['dasha', '> rope\n\nMine is thirty ells, and new 🙂'],
    ],
  },
];
const direct = {
  from: 'anna',
  to: 'boris',
  said: [
    ['anna', 'Do you still have my ladder?'],
    ['boris', 'Tomorrow, I promise.'],
  ],
};

const call = async (method, path, { token, body, accept = [] } = {}) => {
  const answer = await fetch(`${server}/api/v1${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const json = await answer.json().catch(() => undefined);
  if (!answer.ok && !accept.includes(json?.code))
    throw new Error(`${method} ${path}: ${answer.status} ${json?.title ?? ''} ${json?.detail ?? ''}`);
  return { ok: answer.ok, json };
};

/** Logs somebody in, and registers them first where that was not done before. */
const tokenOf = async (username, displayName) => {
  const body = { login: username, password: PASSWORD, tokenTransport: 'body', deviceName: 'seed' };
  const known = await call('POST', '/auth/login', { body, accept: ['invalid_credentials'] });
  if (known.ok) return known.json.accessToken;
  const email = `${username}@example.org`;
  const { json } = await call('POST', '/auth/register', {
    body: { username, displayName, email, password: PASSWORD, tokenTransport: 'body' },
  });
  return json.accessToken;
};

const myRoom = async (token, name) => {
  const { json } = await call('GET', '/rooms?limit=200', { token });
  return json.items.find((room) => room.name === name);
};

const say = async (room, name, said, tokens) => {
  for (const [i, [who, text]] of said.entries())
    await call('POST', `/rooms/${room.id}/messages`, {
      token: tokens[who],
      body: { text, clientId: `seed ${name} ${i}` },
    });
};

const seed = async () => {
  const tokens = {};
  for (const [username, name] of Object.entries(people)) tokens[username] = await tokenOf(username, name);
  for (const { said, ...wanted } of rooms) {
    const made = await call('POST', '/rooms', {
      token: tokens.anna,
      body: wanted,
      accept: ['room_name_taken'],
    });
    const room = made.ok ? made.json : await myRoom(tokens.anna, wanted.name);
    if (!room) throw new Error(`somebody else has a room with the name ${wanted.name}`);
    await say(room, wanted.name, said, tokens);
  }
  const { json } = await call('POST', '/rooms/direct', {
    token: tokens[direct.from],
    body: { username: direct.to },
  });
  await say(json, 'direct', direct.said, tokens);
  console.log(`${Object.keys(people).join(', ')} talk in ${server}. Log in as any of them: "${PASSWORD}".`);
};

try {
  await seed();
} catch (error) {
  console.error(error.cause?.code === 'ECONNREFUSED' ? `no server at ${server}: npm start` : error.message);
  process.exit(1);
}
