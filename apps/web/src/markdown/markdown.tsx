import type { Nodes } from 'mdast';
import { Link } from '@tanstack/react-router';
import { Fragment, memo, type ReactNode } from 'react';
import { parse, safeUrl } from './parse';
import style from './markdown.module.css';

/** Shows what somebody wrote. Elements are made here one by one, so that no text can become others than these. */
export const Markdown = memo(({ text }: { text: string }): ReactNode => (
  <div className={style.markdown}>{all(parse(text))}</div>
));

const all = (node: { children: readonly Nodes[] }): ReactNode =>
  node.children.map((child, i) => <Fragment key={i}>{shown(child)}</Fragment>);

const shown = (node: Nodes): ReactNode => {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'paragraph':
      return <p>{all(node)}</p>;
    case 'heading':
      return <p className={style.heading}>{all(node)}</p>;
    case 'strong':
      return <strong>{all(node)}</strong>;
    case 'emphasis':
      return <em>{all(node)}</em>;
    case 'delete':
      return <del>{all(node)}</del>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        // it scrolls sideways, also with the keyboard
        <pre tabIndex={0}>
          <code>{node.value}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{all(node)}</blockquote>;
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{all(node)}</ol> : <ul>{all(node)}</ul>;
    case 'listItem':
      return <li>{all(node)}</li>;
    case 'break':
      return <br />;
    case 'link':
      return <Anchor url={node.url}>{all(node)}</Anchor>;
    default:
      return 'children' in node ? all(node) : 'value' in node ? node.value : null;
  }
};

const Anchor = ({ url, children }: { url: string; children: ReactNode }): ReactNode => {
  const target = safeUrl(url);
  if (!target) return children;
  const room = /^\/rooms\/([\w-]+)$/.exec(target.pathname)?.[1];
  if (target.origin === location.origin && room) {
    const at = Number(target.searchParams.get('at'));
    return (
      <Link to="/rooms/$roomId" params={{ roomId: room }} search={at > 0 ? { at } : {}}>
        {children}
      </Link>
    );
  }
  return (
    <a href={target.href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
};
