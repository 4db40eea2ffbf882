import { describe, expect, it } from 'vitest';

import { masked, passwordsIn } from './script-secrets.js';

describe('secrets', () => {
  it('are found in password lines', () => {
    expect(passwordsIn('  password "a b"\n\tpassword c\n  password-x d\n  name "password e"\n')).toEqual(['a b', 'c']);
  });

  it.each([
    ['broken across lines', 'Invalid S3cr3t-\nZebra-F here', 'S3cr3t-Zebra-F', 'Invalid ***** here'],
    ['with a blank in the middle', 'Invalid S3cr3t- Zebra-F here', 'S3cr3t-Zebra-F', 'Invalid ***** here'],
    ['broken by a carriage return and a line end', 'x a+b(\r\nc)', 'a+b(c)', 'x *****'],
    ['with blanks of its own', 'x pass  word y', 'pass word', 'x ***** y'],
    ['of three characters as a word', 'pin is "a1b"; a1b=a1b', 'a1b', 'pin is "*****"; *****=*****'],
    ['of three characters in no other word', 'src-ip-group-name "xip" ip_x äip', 'ip', 'src-ip-group-name "xip" ip_x äip'],
    ['of a single character', 'transport-type is "e", "x" was set', 'e', 'transport-type is "*****", "x" was set'],
    ['of four characters in a word too', 'xpin1y', 'pin1', 'x*****y'],
    ['holding every sign of a pattern', 'x .*+?^${}()|[]/- y', '.*+?^${}()|[]/-', 'x ***** y'],
  ])('are masked %s', (_name, text, secret, expected) => {
    expect(masked(text, [secret])).toBe(expected);
  });

  it('are masked the longest first, also where blanks were joined', () => {
    expect(masked('abc ab a b', ['ab', 'abc', '', 'a  b'])).toBe('***** ***** *****');
  });
});
