import { Link } from '@tanstack/react-router';
import { Fragment, memo, type ReactNode } from 'react';
import { type Block, type Inline, type Item, parse } from './parse';
import style from './markdown.module.css';

/**
 * Shows what somebody wrote, laid out by its first strong letter. Elements are made here one by one, so that no text
 * can become others than these.
 */
export const Markdown = memo(({ text }: { text: string }): ReactNode => (
  <div className={style.markdown} dir="auto">
    {each(parse(text), block)}
  </div>
));

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
  if (typeof part === 'string') return part;
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
      return <Anchor url={part.url}>{each(part.children, inline)}</Anchor>;
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
