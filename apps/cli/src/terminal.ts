import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { NO_COLOR } from './environment';
import { EXIT, Failure } from './failure';

type Style = Parameters<typeof styleText>[0];

/** With a style where somebody sees it, plain in files and pipes. */
export const styled = (style: Style, text: string): string =>
  process.stdout.isTTY && !NO_COLOR ? styleText(style, text) : text;

/** What others wrote must not move the cursor, colour the screen or speak to the terminal. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- they are what it is about
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * What comes by standard input, piece by piece.
 * @throws Failure where it is not UTF-8: a message with replacement characters in it is not what was said
 */
export async function* inputText(): AsyncGenerator<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of process.stdin) yield utf8.decode(chunk as Buffer, { stream: true });
    yield utf8.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Failure('The input is not text in UTF-8.', EXIT.usage, 'usage');
  }
}

/** Far more than a message or a password may be. */
const MOST_INPUT = 64 * 1024;

/**
 * Everything that comes by standard input, as one text.
 * @throws Failure where it is not UTF-8, or more than anything that is read this way may be
 */
export const readInput = async (): Promise<string> => {
  let text = '';
  for await (const piece of inputText()) {
    text += piece;
    if (text.length > MOST_INPUT)
      throw new Failure(`The input is longer than ${MOST_INPUT} characters.`, EXIT.usage, 'usage');
  }
  return text;
};

/** @throws Failure where there is nobody to be asked */
export const ask = (question: string, { hidden = false } = {}): Promise<string> => {
  if (!process.stdin.isTTY)
    throw new Failure(`There is no terminal to ask for: ${question.trim()}`, EXIT.usage, 'usage');
  process.stdout.write(question);
  // the terminal echoes nothing in readline's mode, and this echoes nothing either
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stdout,
    terminal: true,
  });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      lines.close();
      if (hidden) process.stdout.write('\n');
      resolve(line);
    });
    lines.on('SIGINT', () => {
      lines.close();
      process.stdout.write('\n');
      reject(new Failure('Given up', 130));
    });
  });
};
