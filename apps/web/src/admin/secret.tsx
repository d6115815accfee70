import type { NewApiKey } from '@veche/client';
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { clipboard } from '../device/clipboard';
import { useFormats, useMessages } from '../i18n/i18n';
import { Button } from '../ui/button';
import { DialogActions } from '../ui/dialog';
import { Notice } from '../ui/notice';
import { oldSecretEnds } from './old-secret';
import style from './secret.module.css';

interface SecretProps {
  of: NewApiKey;
  /** Whether there was one before: then it is said what becomes of that. */
  isRotated?: boolean;
  /** Whoever shows it forgets the secret then. */
  onClose: () => void;
}

/** The secret that a key has just been given: in a window, and never again. */
export const Secret = ({ of, isRotated = false, onClose }: SecretProps): ReactNode => {
  const { apiKeys } = useMessages();
  const formats = useFormats();
  const old = oldSecretEnds(of);
  const text = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);
  // at once, and not by `autoFocus`: the window would first give the focus that the form had to its first button
  useLayoutEffect(() => text.current?.focus(), []);
  const board = clipboard();
  const copy = (): void =>
    void board?.writeText(of.secret).then(
      () => setCopied(true),
      // what the browser does not allow a page, its own keys and menu do
      () => text.current?.select(),
    );
  return (
    <>
      <Notice kind="info">{apiKeys.once}</Notice>
      <TextField value={of.secret} isReadOnly className={style.field ?? ''}>
        <Label className={style.label}>{apiKeys.secret}</Label>
        <TextArea
          ref={text}
          rows={2}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          className={style.secret ?? ''}
          onFocus={({ target }) => target.select()}
        />
        <Text slot="description" className={style.hint}>
          {apiKeys.secretHint}
        </Text>
      </TextField>
      {isRotated && <p>{old ? apiKeys.oldUntil(formats.moment(old)) : apiKeys.oldEnded}</p>}
      <span role="status" className="heard-only">
        {isCopied && apiKeys.copied}
      </span>
      <DialogActions>
        {board && (
          <Button look="primary" onPress={copy}>
            {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
            {isCopied ? apiKeys.copied : apiKeys.copy}
          </Button>
        )}
        <Button onPress={onClose}>{apiKeys.done}</Button>
      </DialogActions>
    </>
  );
};
