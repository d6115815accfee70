/** The part of JSON Schema that the protocol's types become. */
interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
}

interface Message {
  name: string;
  summary?: string;
  payload: Schema;
}

/** The part of an AsyncAPI document that the page shows. */
export interface EventsDocument {
  info: { title: string; description: string };
  operations: Record<
    string,
    { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }
  >;
  components: { messages: Record<string, Message>; schemas: Record<string, Schema> };
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { margin-top: 3rem; }
  section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding-top: .5rem; }
  code { font: .9em ui-monospace, monospace; }
  table { border-collapse: collapse; width: 100%; }
  td { padding: .2rem 1rem .2rem 0; vertical-align: top; overflow-wrap: anywhere; }
  td:first-child { width: 11rem; }
  td:nth-child(2) { width: 14rem; }
`;

/** What can be called and heard over the sockets, for people. One page without a script. */
export const eventsPage = ({ info, operations, components }: EventsDocument): string => {
  const messageOf = (ref: { $ref: string } | undefined): Message | undefined =>
    components.messages[lastOf(ref?.$ref ?? '')];
  const all = Object.values(operations).map((operation) => ({
    ...operation,
    message: messageOf(operation.messages[0]),
    answer: messageOf(operation.reply?.messages[0]),
  }));
  const part = (title: string, action: string): string =>
    `<h2>${title}</h2>${all
      .filter((operation) => operation.action === action)
      .map(({ message, answer }) => (message ? section(message, answer) : ''))
      .join('')}`;
  const types = Object.entries(components.schemas)
    .map(
      ([name, schema]) =>
        `<section id="${escaped(name)}"><h3><code>${escaped(name)}</code></h3>${described(schema)}${shape(schema)}</section>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(info.title)}</h1><p>${prose(info.description)}</p>
<p><a href="events.json">The AsyncAPI document</a> · <a href="../docs">The REST API</a></p>
${part('Calls: client → server', 'receive')}${part('Events: server → client', 'send')}
<h2>Types</h2>${types}</main></body></html>`;
};

const section = (message: Message, answer: Message | undefined): string =>
  `<section><h3><code>${escaped(message.name)}</code></h3><p>${prose(message.summary ?? '')}</p>${shape(message.payload)}${
    answer ? `<p>Acknowledged with</p>${shape(doneOf(answer.payload))}` : ''
  }</section>`;

/** What a call is acknowledged with when it was done; how it fails is the same everywhere. */
const doneOf = ({ oneOf }: Schema): Schema => oneOf?.[0]?.allOf?.[1] ?? {};

const shape = (schema: Schema): string => {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return `<p>${typeOf(schema)}</p>`;
  const row = ([name, field]: [string, Schema]): string => {
    const optional = schema.required?.includes(name) ? '' : '?';
    return `<tr><td><code>${escaped(name)}${optional}</code></td><td>${typeOf(field)}</td><td>${prose(field.description ?? '')}</td></tr>`;
  };
  return `<table>${fields.map(row).join('')}</table>`;
};

const typeOf = (schema: Schema): string => {
  if (schema.$ref) {
    const name = escaped(lastOf(schema.$ref));
    return `<a href="#${name}"><code>${name}</code></a>`;
  }
  const of = schema.anyOf ?? schema.oneOf;
  if (of) return of.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => literal(value)).join(' or ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `by id: ${typeOf(schema.additionalProperties)}`;
  if (schema.properties)
    return `<code>{</code>${Object.entries(schema.properties)
      .map(([name, field]) => `<code>${escaped(name)}:</code> ${typeOf(field)}`)
      .join(', ')}<code>}</code>`;
  return `<code>${schema.type === 'object' ? '{}' : escaped(schema.type ?? 'anything')}</code>`;
};

const described = ({ description }: Schema): string => (description ? `<p>${prose(description)}</p>` : '');
const literal = (value: unknown): string => `<code>${escaped(JSON.stringify(value))}</code>`;
const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
/** Comments in the types may quote code. */
const prose = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
