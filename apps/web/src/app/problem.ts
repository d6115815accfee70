import { VecheError } from '@veche/client';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import type { Messages } from '../i18n/en';

const codeOf = (error: unknown): string => (error instanceof VecheError ? error.code : 'unreachable');

/** What went wrong and what to do, for people. */
export const problemText = (error: unknown, messages: Messages): string => {
  const { problems } = messages;
  // what is no refusal of the server is no answer of it
  const code = codeOf(error);
  if (code === 'unreachable') return problems.network;
  const text = (problems as Record<string, string>)[code];
  return text ?? problems.internal;
};

export const useProblemText = (): ((error: unknown) => string) => {
  const messages = useMessages();
  return (error) => problemText(error, messages);
};

/** Which field a refusal is about. */
const FIELDS: Partial<Record<string, string>> = {
  username_taken: 'username',
  email_taken: 'email',
  room_name_taken: 'name',
};

/** Shows a refusal at the field that it is about, and the first of the others at the form. */
export const useFormProblem = <Values extends FieldValues>({
  getValues,
  setError,
}: UseFormReturn<Values>): ((error: unknown) => void) => {
  const text = useProblemText();
  return (error) => {
    const fields = Object.keys(getValues()) as Path<Values>[];
    const field = FIELDS[codeOf(error)];
    const named = fields.find((one) => one === field);
    if (named) return setError(named, { message: text(error) }, { shouldFocus: true });
    const found = error instanceof VecheError ? error.errors : [];
    const known = fields.filter((one) => found.some((finding) => finding.field.split('.')[0] === one));
    known.forEach((one, i) => setError(one, { message: text(error) }, { shouldFocus: i === 0 }));
    if (known.length === 0) setError('root', { message: text(error) });
  };
};
