import '@fontsource-variable/jetbrains-mono/wght.css';
import { Link } from '@tanstack/react-router';
import { type Mention, withMentions } from '@veche/client';
import { Square, SquareCheck } from 'lucide-react';
import { createContext, Fragment, memo, type ReactNode, useContext } from 'react';
import { Code } from './code';
import { Mentioned } from './mentioned';
import { type Block, type Inline, type Item, parse } from './parse';
import style from './markdown.module.css';

/**
 * Shows what somebody wrote, laid out by its first strong letter. Elements are made here one by one, so that no text
 * can become others than these.
 */
export const Markdown = memo(
  ({ text, mentions = NOBODY }: { text: string; mentions?: readonly Mention[] }): ReactNode => (
    <MentionsOf value={mentions}>
      <div className={style.markdown} dir="auto">
        {each(parse(text), block)}
      </div>
    </MentionsOf>
  ),
);

const NOBODY: readonly Mention[] = [];
const MentionsOf = createContext(NOBODY);

/** What is no code and no link, with whom it mentions. */
const Said = ({ text }: { text: string }): ReactNode =>
  each(withMentions(text, useContext(MentionsOf)), (part) =>
    typeof part === 'string' ? part : <Mentioned mention={part.mention} typed={part.text} />,
  );

/** Shows the characters that somebody typed, and nothing else. */
export const Typed = ({ text }: { text: string }): ReactNode => (
  <div className={style.markdown} dir="auto">
    <p>{text}</p>
  </div>
);

const each = <T,>(parts: readonly T[], show: (part: T) => ReactNode): ReactNode =>
  parts.map((part, i) => <Fragment key={i}>{show(part)}</Fragment>);

type TableBlock = Extract<Block, { type: 'table' }>;

const block = (part: Block): ReactNode => {
  switch (part.type) {
    case 'paragraph':
      return <p>{each(part.children, inline)}</p>;
    case 'heading':
      return <p className={style.heading}>{each(part.children, inline)}</p>;
    case 'code':
      return <Code text={part.text} language={part.language} />;
    case 'table':
      return <Table aligns={part.aligns} rows={part.rows} />;
    case 'quote':
      return <blockquote>{each(part.children, block)}</blockquote>;
    case 'list':
      return part.ordered ? <ol>{each(part.items, numbered)}</ol> : <ul>{each(part.items, item)}</ul>;
  }
};

const item = ({ task, children }: Item): ReactNode =>
  task === undefined ? (
    <li>{each(children, block)}</li>
  ) : (
    <li className={style.task}>
      <Done sign={task} />
      {each(children, block)}
    </li>
  );

/** Whether something is done; heard and copied as it was typed. */
const Done = ({ sign }: { sign: string }): ReactNode => (
  <span className={style.done}>
    {sign === '[ ]' ? <Square size={16} aria-hidden /> : <SquareCheck size={16} aria-hidden />}
    <span className="heard-only">{`${sign} `}</span>
  </span>
);

/** It scrolls sideways where it is wide, also with the keyboard. */
const Table = ({ aligns, rows: [head = [], ...rows] }: Pick<TableBlock, 'aligns' | 'rows'>): ReactNode => (
  <div className={style.table} tabIndex={0} role="group">
    <table>
      <thead>
        <tr>
          {head.map((cell, i) => (
            <th key={i} data-align={aligns[i]}>
              {each(cell, inline)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j} data-align={aligns[j]}>
                {each(cell, inline)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Its number is text, as it was typed: it is not counted, not cut off, and copied with the rest. */
const numbered = ({ mark, task, children: [first, ...rest] }: Item): ReactNode => (
  <li value={Number.parseInt(mark)}>
    <span className={style.number}>{`${mark} `}</span>
    {task !== undefined && <Done sign={task} />}
    {first?.type === 'paragraph' ? (
      <span className={style.first}>{each(first.children, inline)}</span>
    ) : (
      first && block(first)
    )}
    {each(rest, block)}
  </li>
);

const inline = (part: Inline): ReactNode => {
  if (typeof part === 'string') return <Said text={part} />;
  switch (part.type) {
    case 'strong':
      return <strong>{each(part.children, inline)}</strong>;
    case 'emphasis':
      return <em>{each(part.children, inline)}</em>;
    case 'deleted':
      return <del>{each(part.children, inline)}</del>;
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return (
        <MentionsOf value={NOBODY}>
          <Anchor url={part.url}>{each(part.children, inline)}</Anchor>
        </MentionsOf>
      );
  }
};

const Anchor = ({ url, children }: { url: URL; children: ReactNode }): ReactNode => {
  const room = /^\/rooms\/([\w-]+)$/.exec(url.pathname)?.[1];
  if (url.origin === location.origin && room) {
    const at = Number(url.searchParams.get('at'));
    return (
      <Link to="/rooms/$roomId" params={{ roomId: room }} search={at > 0 ? { at } : {}}>
        {children}
      </Link>
    );
  }
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
};
