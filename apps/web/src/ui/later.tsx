import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { toast } from './toast';

/** What fetches the windows of the pages that are here. */
export const windows: (() => Promise<unknown>)[] = [];

/** A window whose script comes when it is opened, so that nobody waits for it before they want it. */
export const later = <Props extends { onClose: () => void }>(load: () => Promise<ComponentType<Props>>) => {
  windows.push(load);
  const Later = (props: Props): ReactNode => {
    const { problems } = useMessages();
    const [Window, setWindow] = useState<ComponentType<Props>>();
    useEffect(() => {
      let isWanted = true;
      load().then(
        (loaded) => isWanted && setWindow(() => loaded),
        () => {
          if (!isWanted) return;
          toast(problems.network);
          props.onClose();
        },
      );
      return () => {
        isWanted = false;
      };
      // eslint-disable-next-line react-hooks/exhaustive-deps -- it is loaded once, whatever it is shown with
    }, []);
    return Window && <Window {...props} />;
  };
  return Later;
};
