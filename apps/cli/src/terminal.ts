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
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Everything that comes by standard input. */
export const readInput = async (): Promise<string> => {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
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
