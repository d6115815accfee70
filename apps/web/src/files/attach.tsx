import { Camera, type LucideIcon, Paperclip } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, useRef } from 'react';
import { useMessages } from '../i18n/i18n';
import { IconButton } from '../ui/button';

interface AttachProps {
  /** Whether it is a device with a camera that one holds in one's hand. */
  hasCamera: boolean;
  onFiles: (files: readonly File[]) => void;
}

/** The ways to choose files that a message is to carry. */
export const Attach = ({ hasCamera, onFiles }: AttachProps): ReactNode => {
  const { files } = useMessages();
  return (
    <>
      <Choose label={files.attach} icon={Paperclip} onFiles={onFiles} multiple />
      {hasCamera && (
        <Choose label={files.camera} icon={Camera} onFiles={onFiles} accept="image/*" capture="environment" />
      )}
    </>
  );
};

interface ChooseProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  icon: LucideIcon;
  onFiles: (files: readonly File[]) => void;
}

const Choose = ({ label, icon: Icon, onFiles, ...input }: ChooseProps): ReactNode => {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label={label} onPress={() => field.current?.click()}>
        <Icon size={18} />
      </IconButton>
      <input
        {...input}
        ref={field}
        type="file"
        hidden
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // the same file once more is a change again
          target.value = '';
        }}
      />
    </>
  );
};
