import Ajv, { type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { PASSWORD_MARK, Person, sharedAdmin, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Items, Problem, Room, Session } from '../harness/wire';

interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  example?: unknown;
  items?: Schema;
  allOf?: Schema[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
}
interface Content {
  schema?: Schema;
  examples?: Record<string, unknown>;
}
interface Operation {
  summary?: string;
  parameters?: { name: string; in: 'path' | 'query'; schema: Schema }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
  security?: object[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
const JSON_TYPE = 'application/json';
/** Of answers that do not end: tests of their own read them. */
const STREAM_TYPE = 'text/event-stream';
const PROBLEM_TYPE = 'application/problem+json';

let admin: Person;
let apiKey: string;
let document: Document;
let operations: { name: string; method: string; path: string; operation: Operation }[];
let ajv: Ajv;
const validators = new Map<Schema, ValidateFunction>();

beforeAll(async () => {
  admin = await sharedAdmin(doors);
  const key = { name: unique('openapi'), scopes: ['users.provision'] };
  apiKey = (await admin.rest.post<{ secret: string }>('/admin/api-keys', key)).secret;
  document = await new Rest(gateway).get<Document>('//docs-json');
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  // whatever is answered must be documented, to the last field
  for (const schema of Object.values(document.components.schemas))
    if (schema.properties) schema.additionalProperties ??= false;
  ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema(document, 'api');
});

const absolute = (schema: Schema): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as Schema;
const mistakes = (schema: Schema, value: unknown): string => {
  let validate = validators.get(schema);
  if (!validate) validators.set(schema, (validate = ajv.compile(absolute(schema))));
  return validate(value) ? '' : `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`;
};

/** What is wrong with an answer, held against the documentation; '' where nothing is. */
const undocumented = (
  { responses }: Operation,
  answer: { status: number; headers: Headers; body: unknown },
  method = 'GET',
): string => {
  const { status, body } = answer;
  const documented = responses[status];
  if (!documented) return `${status} is not documented: ${JSON.stringify(body)}`;
  if (status >= 500) return `${status}: ${JSON.stringify(body)}`;
  const [[type, content] = ['', {}]] = Object.entries(documented.content ?? {});
  if (type === '' || method === 'HEAD')
    return body === '' ? '' : `${status} has a body: ${JSON.stringify(body)}`;
  if (!answer.headers.get('content-type')?.startsWith(type))
    return `${status} is ${answer.headers.get('content-type')}`;
  if (status >= 400 && !Object.hasOwn(content.examples ?? {}, (body as Problem).code))
    return `${status} ${(body as Problem).code} is not documented`;
  return content.schema ? mistakes(content.schema, body) : '';
};

test('every operation documents what it does, its answers and its errors', () => {
  expect(operations.length).toBeGreaterThan(30);
  const lacking = operations.flatMap(({ name, method, operation }) => {
    const { responses, security, requestBody, summary } = operation;
    const needed = ['400', '429', '500', '503', '504'];
    if (security?.some((s) => 'bearer' in s)) needed.push('401', '403');
    if (requestBody) needed.push('413', '415');
    const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    return [
      ...(summary ? [] : [`${name}: no summary`]),
      ...(good.length > 0 ? [] : [`${name}: no good answer`]),
      ...good
        .filter(
          ([status, r]) =>
            status !== '204' && method !== 'HEAD' && !Object.values(r.content ?? {}).some((c) => c.schema),
        )
        .map(([status]) => `${name}: ${status} without a schema`),
      ...needed.filter((status) => !responses[status]).map((status) => `${name}: no ${status}`),
      ...Object.entries(responses)
        .filter(([status]) => status >= '400')
        .filter(([, r]) => !r.content?.[PROBLEM_TYPE]?.schema || !r.content[PROBLEM_TYPE].examples)
        .map(([status]) => `${name}: ${status} is no problem with examples`),
    ];
  });
  expect(lacking).toEqual([]);
});

test('every operation says who may call it, and every example is what its schema says', () => {
  const contents = operations.flatMap(({ name, operation }) =>
    Object.entries(operation.responses).flatMap(([status, { content }]) =>
      Object.values(content ?? {}).map(({ schema, examples = {} }) => ({ name, status, schema, examples })),
    ),
  );
  const wrong = contents.flatMap(({ name, status, schema, examples }) =>
    Object.entries(examples as Record<string, { value: unknown }>)
      .map(([code, { value }]) => [
        `${name} ${status} ${code}`,
        schema ? mistakes(schema, value) : 'no schema',
      ])
      .filter(([, mistake]) => mistake !== '')
      .map((one) => one.join(': ')),
  );
  expect(wrong).toEqual([]);
  expect(operations.filter(({ operation }) => !operation.security).map(({ name }) => name)).toEqual([]);
  expect(document).toMatchObject({ servers: [{ url: '/' }], info: { license: { name: 'MIT' } } });
});

test('the page to try them on is there', async () => {
  const page = await new Rest(gateway).request<string>('GET', '//docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.body).toContain('swagger-ui');
});

test('the page keeps no token when it is closed', async () => {
  const script = await new Rest(gateway).request<string>('GET', '//docs/swagger-ui-init.js');
  expect(script.body).toMatch(/"persistAuthorization":\s*false/);
});

/** Somebody with a room, another member and a message, for one operation to be tried on. */
const scene = async (): Promise<{ person: Person; other: Person; room: Room; sessionId: string }> => {
  const [person, other] = [await Person.register(doors, 'p', gateway), await Person.register(doors)];
  const room = await person.createRoom('private', [other]);
  await other.send(room.id, 'hello');
  const { items } = await person.rest.get<Items<Session>>('/auth/sessions');
  return { person, other, room, sessionId: items[0]?.id ?? '' };
};
type Scene = Awaited<ReturnType<typeof scene>>;

const real = (name: string, { room, other, sessionId }: Scene): string =>
  ({
    roomId: room.id,
    userId: other.id,
    id: other.id,
    sessionId,
    externalId: unique('id'),
    name: 'a.txt',
    key: 'of-no-link',
    seq: String(room.lastSeq + 1),
    threadSeq: String(room.lastSeq + 1),
    emoji: '%F0%9F%91%8D',
  })[name] ?? '';
const resolve = (schema: Schema): Schema =>
  schema.$ref ? (document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
const bodySchema = (operation: Operation): Schema | undefined => {
  const schema = operation.requestBody?.content[JSON_TYPE]?.schema;
  return schema && resolve(schema);
};

/** The token of somebody whom the operation is there for. */
const whoMay = (path: string, { person }: Scene): string =>
  path.startsWith('/api/v1/admin/')
    ? admin.token
    : path.startsWith('/api/v1/users/external/')
      ? apiKey
      : person.token;

/** A value of its kind; what is unique is made so. */
const plausible = (name: string, schema: Schema, at: Scene): unknown => {
  if (name === 'username' || name === 'members')
    return name === 'members' ? [at.other.username] : at.other.username;
  if (name === 'userId') return at.other.id;
  if (name === 'email') return `${unique('e')}@example.org`;
  if (/password/i.test(name)) return `${PASSWORD_MARK} ${randomUUID()}`;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'number') return 1;
  if (schema.type === 'array') return [];
  return unique(name);
};

/** Anything: from nearly right to nonsense. */
const anything = (name: string, schema: Schema, at: Scene): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(plausible(name, schema, at)) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', '\0', '\ud800', '../..', 'null', 'x'.repeat(5000)) },
    { weight: 1, arbitrary: fc.integer() },
    { weight: 1, arbitrary: fc.double() },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
const inAddress = (name: string, at: Scene): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(real(name, at)) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 60 }).map(encodeURIComponent) },
    { weight: 1, arbitrary: fc.constantFrom('%00', '%ff', '%', '0', '-1', '%F0%9F%94%94', 'a'.repeat(300)) },
  );

test('every operation answers whatever it is sent as documented, and never with 500', async () => {
  const finite = operations.filter(({ operation }) => !operation.responses['200']?.content?.[STREAM_TYPE]);
  const found = await inTurns(finite, 4, async ({ name, method, path, operation }) => {
    const at = await scene();
    const rest = new Rest(gateway, whoMay(path, at));
    const parameters = operation.parameters ?? [];
    const properties = bodySchema(operation)?.properties;
    const body = properties
      ? fc.oneof(
          {
            weight: 6,
            arbitrary: fc.record(
              Object.fromEntries(Object.entries(properties).map(([n, s]) => [n, anything(n, s, at)])),
              { requiredKeys: [] },
            ),
          },
          { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
        )
      : fc.constant(undefined);
    const request = fc.record({
      path: fc.record(
        Object.fromEntries(
          parameters.filter((p) => p.in === 'path').map((p) => [p.name, inAddress(p.name, at)]),
        ),
      ),
      query: fc.record(
        Object.fromEntries(
          parameters.filter((p) => p.in === 'query').map((p) => [p.name, anything(p.name, p.schema, at)]),
        ),
        { requiredKeys: [] },
      ),
      body,
    });
    const wrong: string[] = [];
    for (const sample of fc.sample(request, { numRuns: 25, seed: 20_261_121 })) {
      const address = path.replace(/\{(\w+)\}/g, (_m, n: string) => sample.path[n] ?? '');
      const query = Object.entries(sample.query).map(
        ([n, v]) => `${n}=${encodeURIComponent(String(v).toWellFormed())}`,
      );
      const answer = await rest.request(
        method,
        `/${address}${query.length > 0 ? `?${query.join('&')}` : ''}`,
        {
          body: sample.body === undefined ? undefined : JSON.stringify(sample.body),
        },
      );
      const mistake = undocumented(operation, answer, method);
      if (mistake) wrong.push(`${name} ${JSON.stringify(sample).slice(0, 300)}: ${mistake.slice(0, 600)}`);
    }
    return wrong;
  });
  expect(found.flat()).toEqual([]);
});

test('the example of every body is accepted as it stands, and answered as documented', async () => {
  // of bytes there is none
  const withBody = operations.filter(({ operation }) => operation.requestBody?.content[JSON_TYPE]);
  const found = await inTurns(withBody, 4, async ({ name, method, path, operation }) => {
    const at = await scene();
    const rest = new Rest(gateway, whoMay(path, at));
    const address = path.replace(/\{(\w+)\}/g, (_m, n: string) => real(n, at));
    const examples = Object.values(operation.requestBody?.content[JSON_TYPE]?.examples ?? {});
    if (examples.length === 0) return [`${name}: no example`];
    return inTurns(examples, 1, async (example) => {
      const body = (example as { value: unknown }).value;
      const answer = await rest.request<Problem>(method, `/${address}`, { body });
      // what it names (a user, a password) need not be there
      return answer.status === 400
        ? `${name}: ${JSON.stringify(answer.body)}`
        : undocumented(operation, answer);
    });
  });
  expect(found.flat().filter(Boolean)).toEqual([]);
});
