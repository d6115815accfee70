// Writes the AsyncAPI document of the sockets from the protocol's types, so that neither can be without the other.
import { writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const OUT = 'apps/gateway/src/http/docs/events.gen.json';

const generator = createGenerator({
  path: 'libs/protocol/src/index.ts',
  tsconfig: 'tsconfig.json',
  // npm run types checks them
  skipTypeCheck: true,
  topRef: false,
  // a client has to expect fields that it does not know
  additionalProperties: true,
});

const calls = generator.createSchema('Calls');
const events = generator.createSchema('ServerEvents');
const acknowledgement = generator.createSchema('Refusal');

/** Component keys take no colon. */
const keyOf = (name) => name.replaceAll(':', '.');
const ref = (...path) => ({ $ref: `#/${path.join('/')}` });
const pointing = (schema) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"#/components/schemas/'));

const message = (name, { description, ...payload }, summary = description) => ({
  name,
  title: name,
  summary,
  contentType: 'application/json',
  payload: pointing(payload),
});

const answered = (schema) => ({
  oneOf: [
    {
      allOf: [{ type: 'object', properties: { ok: { const: true } }, required: ['ok'] }, pointing(schema)],
    },
    {
      type: 'object',
      properties: { ok: { const: false }, error: ref('components', 'schemas', 'Refusal') },
      required: ['ok', 'error'],
    },
  ],
});

const messages = {};
const operations = {};
for (const [name, { description, properties }] of Object.entries(calls.properties)) {
  const key = keyOf(name);
  messages[key] = message(name, properties.payload, description);
  messages[`${key}.answer`] = message(
    `${name}, acknowledged`,
    answered(properties.answer),
    'Done, or why not.',
  );
  operations[`call.${key}`] = {
    action: 'receive',
    channel: ref('channels', 'chat'),
    summary: description,
    messages: [ref('channels', 'chat', 'messages', key)],
    reply: {
      channel: ref('channels', 'chat'),
      messages: [ref('channels', 'chat', 'messages', `${key}.answer`)],
    },
  };
}
for (const [name, event] of Object.entries(events.properties)) {
  const key = `event.${keyOf(name)}`;
  messages[key] = message(name, event);
  operations[key] = {
    action: 'send',
    channel: ref('channels', 'chat'),
    summary: event.description,
    messages: [ref('channels', 'chat', 'messages', key)],
  };
}

const { definitions, ...Refusal } = acknowledgement;
delete Refusal.$schema;
const schemas = pointing({ ...definitions, ...calls.definitions, ...events.definitions, Refusal });

const document = {
  asyncapi: '3.0.0',
  info: {
    title: 'Veche over sockets',
    version: '1',
    description:
      'Namespace `/chat`. The access token goes into the handshake, `auth: {token}`, and never into a URL. Every ' +
      'call takes an acknowledgement callback. A refused handshake is a `connect_error` whose `data` is a Refusal. ' +
      'Without Socket.IO, the same over a WebSocket at `/ws`: a call is `{id, call, data}` and is answered ' +
      '`{id, ok, …}`, an event is `{event, data}`; the token is in the Authorization header, in a subprotocol ' +
      "(`['veche.v1', 'bearer.' + token]`) or in the call `token`, the first frame. " +
      "Connect with `transports: ['websocket', 'polling']`: a WebSocket stays with one gateway where several stand " +
      'behind a balancer; polling, which Socket.IO begins with unless told, does not.',
  },
  defaultContentType: 'application/json',
  servers: {
    here: {
      host: 'localhost:8080',
      protocol: 'socket.io',
      protocolVersion: '5',
      description: 'The gateway; the namespace is the address of the channel.',
      security: [ref('components', 'securitySchemes', 'accessToken')],
    },
    plain: {
      host: 'localhost:8080',
      pathname: '/ws',
      protocol: 'ws',
      protocolVersion: '13',
      description:
        'The gateway, without Socket.IO: payloads are in the `data` of a frame, answers are frames.',
      security: [ref('components', 'securitySchemes', 'bearer')],
    },
  },
  channels: {
    chat: {
      address: '/chat',
      title: 'The namespace',
      messages: Object.fromEntries(
        Object.keys(messages).map((key) => [key, ref('components', 'messages', key)]),
      ),
    },
  },
  operations,
  components: {
    messages,
    schemas,
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'In the Authorization header, in a subprotocol, or in the first frame.',
      },
      accessToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Not in a header: `io(url, {auth: {token}})`.',
      },
    },
  },
};

writeFileSync(OUT, `${JSON.stringify(document, undefined, 2)}\n`);
