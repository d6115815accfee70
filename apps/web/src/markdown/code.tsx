import { Check, Copy } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { clipboard } from '../device/clipboard';
import { useMessages } from '../i18n/i18n';
import type { Token } from './highlight';
import style from './code.module.css';

/** How long a button says that it has done what it does. */
const DONE_MS = 2_000;

/** A block of code: what it is written in, coloured by that, and a button that copies it. */
export const Code = ({ text, language }: { text: string; language?: string | undefined }): ReactNode => {
  const tokens = useTokens(text, language);
  return (
    <div className={style.code} dir="ltr">
      <div className={style.head}>
        {/* no text of the message: it is not copied with it */}
        <span className={style.language} data-language={language} />
        <CopyCode text={text} />
      </div>
      {/* it scrolls sideways, also with the keyboard */}
      <pre tabIndex={0}>
        <code>{tokens ? each(tokens) : text}</code>
      </pre>
    </div>
  );
};

const each = (tokens: readonly Token[]): ReactNode =>
  tokens.map((token, i) => (
    <Fragment key={i}>
      {typeof token === 'string' ? token : <span data-scope={token.scope}>{each(token.children)}</span>}
    </Fragment>
  ));

/** As text alone at first, and where its language is not known or could not be had. */
const useTokens = (text: string, language: string | undefined): readonly Token[] | undefined => {
  const [found, setFound] = useState<{ text: string; tokens: readonly Token[] }>();
  useEffect(() => {
    if (language === undefined) return undefined;
    let isWanted = true;
    void import('./highlight')
      .then(({ highlighted }) => highlighted(text, language))
      .then(
        (tokens) => isWanted && tokens && setFound({ text, tokens }),
        () => undefined,
      );
    return () => {
      isWanted = false;
    };
  }, [text, language]);
  return found?.text === text ? found.tokens : undefined;
};

/** A plain button: there are many, and they come and go while one scrolls. */
const CopyCode = ({ text }: { text: string }): ReactNode => {
  const { room } = useMessages();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const board = clipboard();
  if (!board) return null;
  const label = isDone ? room.codeCopied : room.copyCode;
  return (
    <button
      type="button"
      className={style.copy}
      aria-label={label}
      title={label}
      onClick={() => void board.writeText(text).then(() => setDone(true))}
    >
      {isDone ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </button>
  );
};
