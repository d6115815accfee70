import { api } from '../session/session';

/** Saves a file under its name: a download sends no access token, so it gets a link of its own. @throws VecheError */
export const saveFile = async (id: string): Promise<void> => {
  const { url } = await api.files.link(id);
  const link = document.createElement('a');
  link.href = `${url}?download=true`;
  // what is refused after all is a download that failed, and no page in the place of this one
  link.download = '';
  link.click();
};
