import { Eye, EyeOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField, type TextFieldProps } from 'react-aria-components/TextField';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { IconButton } from './button';
import style from './field.module.css';

interface FieldProps<Values extends FieldValues> extends Omit<
  TextFieldProps,
  'name' | 'value' | 'onChange' | 'onBlur' | 'className' | 'style' | 'children'
> {
  /** The form that the field belongs to, and its name in there; its rules are the form's. */
  control: Control<Values>;
  name: Path<Values>;
  label: string;
  description?: string;
  /** What is wrong with a value, if anything; a server's finding is shown in the same place. */
  check?: (value: string) => string | undefined;
  placeholder?: string;
  multiline?: boolean;
}

/** A labelled line of a form, with what helps to fill it in and what is wrong with it. */
export const Field = <Values extends FieldValues>({
  control,
  name,
  label,
  description,
  check,
  placeholder,
  multiline,
  type,
  ...props
}: FieldProps<Values>): ReactNode => {
  const messages = useMessages();
  const [revealed, setRevealed] = useState(false);
  const { field, fieldState } = useController({
    control,
    name,
    rules: { validate: (value: string) => check?.(value) ?? true },
  });
  const isPassword = type === 'password';
  return (
    <AriaTextField
      {...props}
      type={isPassword && revealed ? 'text' : type}
      name={name}
      value={field.value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      validationBehavior="aria"
      isInvalid={fieldState.invalid}
      className={style.field ?? ''}
    >
      <Label className={style.label}>{label}</Label>
      <div className={`${style.box} ${isPassword ? style.withButton : ''}`}>
        {multiline ? (
          <TextArea ref={field.ref} className={style.input ?? ''} dir="auto" placeholder={placeholder} />
        ) : (
          <Input ref={field.ref} className={style.input ?? ''} dir="auto" placeholder={placeholder} />
        )}
        {isPassword && (
          <div className={style.reveal}>
            <IconButton
              label={revealed ? messages.form.hidePassword : messages.form.showPassword}
              onPress={() => setRevealed(!revealed)}
            >
              {revealed ? <EyeOff size={18} /> : <Eye size={18} />}
            </IconButton>
          </div>
        )}
      </div>
      {description && !fieldState.error?.message && (
        <Text slot="description" className={style.description}>
          {description}
        </Text>
      )}
      <FieldError className={style.error ?? ''}>{fieldState.error?.message}</FieldError>
    </AriaTextField>
  );
};
