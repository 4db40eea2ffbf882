import { randomUUID } from 'node:crypto';

/** A form with one file in it, whole in memory so that it can go out in one write. */
export interface FileForm {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Puts a text into the one field devices read scripts from. */
export function fileForm(text: string): FileForm {
  let boundary = `trunkline-${randomUUID()}`;
  while (text.includes(boundary)) boundary = `trunkline-${randomUUID()}`;
  const body = Buffer.from(
    `--${boundary}\r\n`
    + 'Content-Disposition: form-data; name="file"; filename="cli.txt"\r\n'
    + 'Content-Type: application/octet-stream\r\n\r\n'
    + `${text}\r\n--${boundary}--\r\n`);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}
