import { Link } from '@tanstack/react-router';
import { type Mention, withMentions } from '@veche/client';
import { createContext, Fragment, memo, type ReactNode, useContext } from 'react';
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

const block = (part: Block): ReactNode => {
  switch (part.type) {
    case 'paragraph':
      return <p>{each(part.children, inline)}</p>;
    case 'heading':
      return <p className={style.heading}>{each(part.children, inline)}</p>;
    case 'code':
      return (
        // it scrolls sideways, also with the keyboard
        <pre tabIndex={0} dir="ltr">
          <code>{part.text}</code>
        </pre>
      );
    case 'quote':
      return <blockquote>{each(part.children, block)}</blockquote>;
    case 'list':
      return part.ordered ? <ol>{each(part.items, numbered)}</ol> : <ul>{each(part.items, item)}</ul>;
  }
};

const item = ({ children }: Item): ReactNode => <li>{each(children, block)}</li>;

/** Its number is text, as it was typed: it is not counted, not cut off, and copied with the rest. */
const numbered = ({ mark, children: [first, ...rest] }: Item): ReactNode => (
  <li value={Number.parseInt(mark)}>
    <span className={style.number}>{`${mark} `}</span>
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
