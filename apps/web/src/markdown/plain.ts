import { type Block, type Inline, parse } from './parse';

/** So much of a text is looked at, in UTF-16 units: a line of a list or a notification shows less. */
const MAX_LENGTH = 600;

/** One line of what a message says, without the signs of its markup: for lists and notifications. */
export const plain = (text: string): string =>
  parse(text.slice(0, MAX_LENGTH)).map(ofBlock).join(' ').replace(/\s+/g, ' ').trim();

const ofBlock = (block: Block): string => {
  switch (block.type) {
    case 'code':
      return block.text;
    case 'quote':
      return block.children.map(ofBlock).join(' ');
    case 'list':
      return block.items
        .map(({ mark, task = '', children }) =>
          [block.ordered ? mark : '', task, ...children.map(ofBlock)].join(' '),
        )
        .join(' ');
    case 'table':
      return block.rows.map((row) => row.map((cell) => cell.map(ofInline).join('')).join(' ')).join(' ');
    default:
      return block.children.map(ofInline).join('');
  }
};

const ofInline = (inline: Inline): string => {
  if (typeof inline === 'string') return inline;
  return inline.type === 'code' ? inline.text : inline.children.map(ofInline).join('');
};
