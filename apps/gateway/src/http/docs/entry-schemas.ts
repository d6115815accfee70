import type { OpenAPIObject } from '@nestjs/swagger';
import { EntryDto } from '../../entries/entry.dto';
import events from './events.gen.json';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

interface Generated {
  $ref?: string;
  const?: string | boolean;
  description?: string;
  anyOf?: { $ref: string }[];
  properties?: Record<string, Generated>;
}

const generated = events.components.schemas as Record<string, Generated | undefined>;
const nameOf = ($ref: string): string => $ref.split('/').at(-1) ?? '';

/** OpenAPI 3.0 has no `const`. */
const withoutConst = (schema: Generated): Schemas[string] =>
  JSON.parse(
    JSON.stringify(schema, (_key, value: Generated | null) =>
      typeof value === 'object' && value?.const !== undefined
        ? { ...value, const: undefined, enum: [value.const] }
        : value,
    ),
  ) as Schemas[string];

/** The schema with that name, and those that it points at. */
const reachable = (name: string, found = new Set<string>()): Set<string> => {
  const schema = generated[name];
  if (!schema || found.has(name)) return found;
  found.add(name);
  for (const [, , child = ''] of JSON.stringify(schema).matchAll(
    /"\$ref":"(#\/components\/schemas\/([^"]+))"/g,
  ))
    reachable(child, found);
  return found;
};

/**
 * How entries look, kind by kind, from the same source as the documentation of the sockets: what stands for an entry
 * in the answers of calls is one of them, told apart by `type`.
 */
export const entrySchemas = (): Schemas => {
  const kinds = generated.Entry?.anyOf ?? [];
  const typeOf = ({ $ref }: { $ref: string }): string =>
    String(generated[nameOf($ref)]?.properties?.type?.const ?? '');
  const parts = [...reachable('Entry')].filter((name) => name !== 'Entry');
  return {
    ...Object.fromEntries(parts.map((name) => [name, withoutConst(generated[name] ?? {})])),
    [EntryDto.name]: {
      description: generated.Entry?.description ?? '',
      oneOf: kinds,
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(kinds.map((kind) => [typeOf(kind), kind.$ref])),
      },
    },
  };
};
