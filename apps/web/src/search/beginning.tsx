import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { useMe } from '../session/session';
import { Button } from '../ui/button';
import { forgetSearches, useRecentSearches } from './recent';
import style from './search-page.module.css';

/** Where nothing is asked for yet: what one has asked for lately, and how one asks. */
export const Beginning = ({ onChoose }: { onChoose: (text: string) => void }): ReactNode => {
  const { search } = useMessages();
  const me = useMe();
  const recent = useRecentSearches(me.id);
  return (
    <>
      {recent.length > 0 && (
        <section aria-labelledby="recent-searches">
          <div className={style.head}>
            <h2 id="recent-searches" className={style.heading}>
              {search.recent}
            </h2>
            <Button look="quiet" onPress={() => forgetSearches(me.id)}>
              {search.forget}
            </Button>
          </div>
          <ul>
            {recent.map((text) => (
              <li key={text}>
                <button type="button" className={style.recent} onClick={() => onChoose(text)}>
                  <History size={16} aria-hidden />
                  <span dir="auto">{text}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2 className={style.heading}>{search.begin}</h2>
        <p className={style.text}>{search.beginText}</p>
        <dl className={style.hints}>
          {Object.entries(search.hints).map(([typed, meaning]) => (
            <div key={typed} className={style.hint}>
              <dt>
                <code dir="ltr">{typed}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
};
