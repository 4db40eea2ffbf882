import { describe, expect, it } from 'vitest';
import { readFormFile } from './form-file.js';

const part = (name: string, text: string) => `--B\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\n\r\n${text}\r\n`;

describe('form with a file', () => {
  it.each([
    ['gives the content of the field', `${part('file', 'a\nb\n')}--B--\r\n`, 'a\nb\n'],
    ['passes over other fields', `${part('other', 'no')}${part('file', 'yes')}--B--`, 'yes'],
    ['keeps line ends and what looks like a boundary', `${part('file', 'a\r\n--X\r\nb')}--B--`, 'a\r\n--X\r\nb'],
  ])('%s', (_name, body, file) => {
    expect(readFormFile('multipart/form-data; boundary=B', Buffer.from(body))).toEqual({ file });
  });

  it.each([
    ['another content type', 'application/json', '{}'],
    ['no content type', undefined, 'a'],
    ['no boundary', 'multipart/form-data', part('file', 'a')],
    ['no such field', 'multipart/form-data; boundary=B', `${part('script', 'a')}--B--`],
    ['an end that is missing', 'multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'],
    ['a body that is no form', 'multipart/form-data; boundary=B', 'configure voip'],
  ])('is refused with %s', (_name, type, body) => {
    expect(readFormFile(type, Buffer.from(body))).toHaveProperty('problem');
  });
});
