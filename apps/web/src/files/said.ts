import type { Attachment } from '@veche/client';
import type { Messages } from '../i18n/en';
import { isolated } from '../i18n/isolated';
import { plain } from '../markdown/plain';
import { kindOf } from './kinds';

/** Anything that says something: a message, or one on its way. */
interface Saying {
  readonly text: string;
  readonly attachments?: readonly Attachment[] | undefined;
}

/** What files are, in a few words; nothing where there are none. */
export const filesText = (files: readonly Attachment[] = [], { files: words }: Messages): string => {
  const [first, ...others] = files;
  if (!first) return '';
  const kind = kindOf(first);
  const isSeen = kind === 'picture' || kind === 'video' || kind === 'sound';
  if (others.length === 0) return isSeen ? words.kinds[kind] : isolated(first.name);
  const isAlike = isSeen && others.every((file) => kindOf(file) === kind);
  return words.several[isAlike ? kind : 'file'](files.length);
};

/** Puts the words for files before a text. They are laid out apart, so that the text has the direction of its own letters. */
const before = (files: string, text: string): string =>
  files && text ? `\u2068${files}\u2069 · ${text}` : files || text;

/** One line of what a message says and brings: for lists, quotations and notifications. */
export const briefly = ({ text, attachments }: Saying, messages: Messages): string =>
  before(filesText(attachments, messages), plain(text));

/** The same with the text as it was typed, for who hears it. */
export const heard = ({ text, attachments }: Saying, messages: Messages): string =>
  before(filesText(attachments, messages), text);

/** What a message says as it was typed, and below it each of its files by name. */
export const wholly = ({ text, attachments = [] }: Saying, { files }: Messages): string =>
  [text, ...attachments.map((file) => files.named(files.kinds[kindOf(file)], file.name))]
    .filter(Boolean)
    .join('\n');
