import type { Api, Attachment } from '@veche/client';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXIT, Failure } from './failure';

/** @throws Failure where the file cannot be read; VecheError where the server does not want it */
export const uploadFile = async (api: Api, path: string): Promise<Attachment> => {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new Failure(error.message, EXIT.refused, 'not_found');
  });
  return api.files.upload(new Blob([bytes]), { name: basename(path) });
};

/**
 * @param path the file's own name in this folder when left out; never over another file
 * @returns where it is now; undefined where it went to standard output
 */
export const downloadFile = async (api: Api, id: string, path?: string): Promise<string | undefined> => {
  const { url } = await api.files.link(id);
  const response = await fetch(`${url}?download=true`);
  if (!response.ok || !response.body)
    throw new Failure(`The server answered ${response.status}`, EXIT.refused, 'not_found');
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  if (path === '-') {
    await pipeline(body, process.stdout, { end: false });
    return undefined;
  }
  const target = path ?? basename(decodeURIComponent(new URL(url).pathname));
  await pipeline(body, createWriteStream(target, { flags: 'wx' }));
  return target;
};
