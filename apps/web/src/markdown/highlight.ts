import type { LanguageFn } from 'highlight.js';
import { createLowlight } from 'lowlight';

type Load = () => Promise<{ default: LanguageFn }>;

/** Each language comes when the first code in it is seen. */
const LANGUAGES: Readonly<Record<string, Load>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  graphql: () => import('highlight.js/lib/languages/graphql'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  lua: () => import('highlight.js/lib/languages/lua'),
  makefile: () => import('highlight.js/lib/languages/makefile'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  nginx: () => import('highlight.js/lib/languages/nginx'),
  perl: () => import('highlight.js/lib/languages/perl'),
  php: () => import('highlight.js/lib/languages/php'),
  powershell: () => import('highlight.js/lib/languages/powershell'),
  protobuf: () => import('highlight.js/lib/languages/protobuf'),
  python: () => import('highlight.js/lib/languages/python'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scss: () => import('highlight.js/lib/languages/scss'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

const ALIASES: Readonly<Record<string, string>> = {
  ...{ sh: 'bash', shell: 'bash', zsh: 'bash', console: 'bash', 'c++': 'cpp', h: 'c', hpp: 'cpp' },
  ...{ cs: 'csharp', 'c#': 'csharp', docker: 'dockerfile', golang: 'go', gql: 'graphql', toml: 'ini' },
  ...{ js: 'javascript', jsx: 'javascript', mjs: 'javascript', cjs: 'javascript', ts: 'typescript' },
  ...{ tsx: 'typescript', mts: 'typescript', json5: 'json', jsonc: 'json', kt: 'kotlin', make: 'makefile' },
  ...{ md: 'markdown', patch: 'diff', pl: 'perl', ps1: 'powershell', proto: 'protobuf', py: 'python' },
  ...{ rb: 'ruby', rs: 'rust', html: 'xml', svg: 'xml', vue: 'xml', yml: 'yaml', conf: 'ini', env: 'ini' },
};

/** Code beyond this is shown in one colour, in UTF-16 units: the time that a grammar takes has no better bound. */
const MAX_LENGTH = 8_000;

/** A piece of code, and what it is in its language: `keyword`, `string` … */
export type Token = string | { readonly scope: string; readonly children: readonly Token[] };

const lowlight = createLowlight();

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/**
 * What the pieces of a code are. A tree and no HTML: the policy of the page lets no text become markup.
 *
 * @returns undefined for a language that is not known, or more code than would be read.
 */
export const highlighted = async (code: string, language: string): Promise<readonly Token[] | undefined> => {
  const typed = language.toLowerCase();
  const name = ALIASES[typed] ?? typed;
  if (!Object.hasOwn(LANGUAGES, name) || code.length > MAX_LENGTH) return undefined;
  if (!lowlight.registered(name)) {
    const grammar = await LANGUAGES[name]?.();
    if (!grammar) return undefined;
    lowlight.register(name, grammar.default);
  }
  return lowlight.highlight(name, code).children.flatMap(tokensOf);
};

const tokensOf = (node: Node): Token[] => {
  if (node.type === 'text') return [node.value];
  if (node.type !== 'element') return [];
  const [scope = ''] = [node.properties.className ?? []].flat().map(String);
  return [{ scope: scope.replace(/^hljs-/, ''), children: node.children.flatMap(tokensOf) }];
};
