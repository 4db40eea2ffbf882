import { choice, name, number, onOff, table, type TableSchema, text, to, word } from './table-schema.js';

const coders = ['g711-alaw', 'g711-ulaw', 'g729', 'g722', 'g726', 'g723.1', 'ilbc', 'amr', 'amr-wb', 'silk-nb', 'silk-wb', 'opus', 't.38', 'telephone-event'];

const condition = { ...text(200), takesRest: true };
const actionSubject = { ...text(100), takesRest: true };
const actionValue = { ...text(300), takesRest: true };
const actionType = choice('add', 'remove', 'modify', 'add-prefix', 'add-suffix', 'remove-suffix', 'remove-prefix', 'normalize', 'run-rules-set', 'exit');
const rowRole = choice('use-current-condition', 'use-previous-condition');

/** What calls sound like, and how messages are changed and measured. */
export const profileTables: readonly TableSchema[] = [
  table('coders-and-profiles audio-coders-groups', 'Coder Group', 'coders-group-name', 21, { 'coders-group-name': name }, {
    isNameRequired: true,
    children: [table('audio-coders', 'Coder', 'name', 10, {
      'name': { choices: coders }, 'p-time': choice('20', '10', '30', '40', '60'), 'rate': word('64'), 'payload-type': number(0, 127),
      'silence-suppression': onOff('disable'), 'coder-specific': text(),
    }, { isNameRequired: true })],
  }),
  table('coders-and-profiles allowed-audio-coders-groups', 'Allowed Audio Coders Group', 'coders-group-name', 20, { 'coders-group-name': name }, {
    isNameRequired: true,
    children: [table('allowed-audio-coders', 'Allowed Audio Coder', '', 20, { 'coder': { choices: coders }, 'user-define-coder': text() })],
  }),
  table('coders-and-profiles allowed-video-coders-groups', 'Allowed Video Coders Group', 'coders-group-name', 5, { 'coders-group-name': name }, {
    isNameRequired: true,
    children: [table('allowed-video-coders', 'Allowed Video Coder', '', 20, { 'user-define-coder': text() })],
  }),
  table('coders-and-profiles ip-profile', 'IP Profile', 'profile-name', 125, {
    'profile-name': name, 'ip-preference': number(1, 20, 1), 'jitter-buffer-minimum-delay': number(0, 150, 10), 'jitter-buffer-max-delay': number(150, 2000, 300),
    'jitter-buffer-optimization-factor': number(0, 12, 10), 'rtp-ip-diffserv': number(0, 63, 46), 'sig-ip-diffserv': number(0, 63, 24), 'call-limit': number(-1, 1_000_000, -1),
    'broken-connection-mode': choice('disconnect', 'ignore', 'reroute'), 'media-ip-version-preference': choice('only-ipv4', 'only-ipv6', 'prefer-ipv4', 'prefer-ipv6'),
    'ice-mode': choice('disable', 'lite', 'full'), 'mki-size': number(0, 4, 0), 'enable-symmetric-mki': onOff('disable'), 'reset-srtp-upon-re-key': onOff('disable'),
    'sbc-ext-coders-group-name': to('coders-and-profiles audio-coders-groups'),
    'allowed-audio-coders-group-name': to('coders-and-profiles allowed-audio-coders-groups'),
    'allowed-video-coders-group-name': to('coders-and-profiles allowed-video-coders-groups'),
    'sbc-allowed-coders-mode': choice('restriction', 'preference', 'restriction-and-preference'),
    'sbc-media-security-behaviour': choice('as-is', 'secured', 'not-secured', 'both', 'offer-both-answer-prefer-secured'), 'sbc-dtls-role': onOff('disable'),
    'sbc-rfc2833-behavior': choice('as-is', 'extend', 'disallow'), 'sbc-2833dtmf-payload': number(0, 127, 0), 'sbc-alternative-dtmf-method': word('as-is'),
    'sbc-assert-identity': choice('as-is', 'add', 'remove'), 'sbc-diversion-mode': choice('as-is', 'add', 'remove'), 'sbc-history-info-mode': choice('as-is', 'add', 'remove'),
    'sbc-prack-mode': choice('transparent', 'optional', 'mandatory'), 'sbc-session-expires-mode': choice('transparent', 'observer', 'not-supported', 'supported'),
    'sbc-rmt-update-supp': choice('supported', 'not-supported', 'supported-only-after-connect'), 'sbc-rmt-re-invite-supp': choice('supported', 'not-supported', 'supported-only-with-sdp'),
    'sbc-rmt-delayed-offer': choice('supported', 'not-supported'), 'sbc-rmt-refer-behavior': choice('regular', 'database-url', 'ip-group-name', 'handle-locally'),
    'sbc-rmt-3xx-behavior': choice('transparent', 'database-url', 'handle-locally'), 'sbc-rmt-hold-format': choice('transparent', 'send-only', 'send-only-zero-ip', 'inactive', 'not-supported', 'hold-and-retrieve-not-supported'),
    'sbc-rmt-replaces-behavior': choice('standard', 'handle-locally', 'keep-as-is'), 'sbc-rmt-early-media-supp': choice('supported', 'not-supported'),
    'sbc-rmt-early-media-resp': choice('transparent', '180', '183'), 'sbc-rmt-can-play-ringback': choice('yes', 'no'), 'sbc-play-held-tone': choice('no', 'internal', 'external'),
    'sbc-fax-behavior': choice('as-is', 'handle-always', 'handle-on-re-invite'), 'sbc-fax-coders-group-name': to('coders-and-profiles audio-coders-groups'),
    'sbc-user-reg-time': number(0, 2_000_000_000, 0), 'sbc-voice-quality-enhancement': onOff('disable'), 'sbc-max-call-duration': number(0, 35_791, 0),
  }, { isNameRequired: true }),
  table('message message-manipulations', 'Message Manipulation', 'manipulation-name', 500, {
    'manipulation-name': text(20), 'manipulation-set-id': number(0, 1000, 0), 'message-type': text(60), condition, 'action-subject': actionSubject, 'action-type': actionType,
    'action-value': actionValue, 'row-role': rowRole,
  }, { isOrdered: true, areNamesShared: true }),
  table('message message-policy', 'Message Policy', 'name', 20, {
    name, 'max-message-length': number(-1, 32_768, 32_768), 'max-header-length': number(-1, 512, 512), 'max-body-length': number(-1, 1024, 1024), 'max-num-headers': number(-1, 32, 32),
    'max-num-bodies': number(-1, 8, 8), 'send-rejection': choice('policy-reject', 'policy-drop'), 'method-list': text(), 'method-list-type': choice('policy-blacklist', 'policy-whitelist'),
    'body-list': text(), 'body-list-type': choice('policy-blacklist', 'policy-whitelist'), 'signature-db-enable': onOff('disable'),
  }, { isNameRequired: true }),
  table('message call-setup-rules', 'Call Setup Rule', 'rules-set-name', 400, {
    'rules-set-id': number(0, 399, 0), 'rules-set-name': name, 'request-type': choice('none', 'ldap', 'dial-plan', 'enum', 'http-get', 'http-post'), 'request-target': text(),
    'request-key': { ...text(255), takesRest: true }, 'attr-to-get': text(100), 'row-role': rowRole, condition, 'action-subject': actionSubject, 'action-type': actionType,
    'action-value': actionValue,
  }, { isOrdered: true, areNamesShared: true }),
  table('qoe bw-profile', 'Bandwidth Profile', 'name', 1009, {
    name, 'egress-audio-bandwidth': number(0, 4_294_967, 0), 'ingress-audio-bandwidth': number(0, 4_294_967, 0), 'egress-video-bandwidth': number(0, 4_294_967, 0),
    'ingress-video-bandwidth': number(0, 4_294_967, 0), 'total-egress-bandwidth': number(0, 4_294_967, 0), 'total-ingress-bandwidth': number(0, 4_294_967, 0),
    'warning-threshold': number(0, 100, 70), 'hysteresis': number(0, 100, 5), 'generate-alarms': onOff('disable'),
  }, { isNameRequired: true }),
  table('qoe qoe-profile', 'QoE Profile', 'name', 256, { name, 'sensitivity-level': choice('default', 'low', 'medium', 'high', 'user-defined'), 'is-default': choice('no', 'yes') }, {
    isNameRequired: true,
    children: [table('qoe-color-rules', 'QoE Color Rule', '', 256, {
      'monitored-parameter': choice('mos', 'delay', 'packet-loss', 'jitter', 'rerl'), 'direction': choice('device', 'remote'), 'sensitivity-level': choice('medium', 'low', 'high', 'user-defined'),
      'green-yellow-threshold': number(0, 100_000, 34), 'green-yellow-hysteresis': number(0, 100_000, 1), 'yellow-red-threshold': number(0, 100_000, 27),
      'yellow-red-hysteresis': number(0, 100_000, 1),
    })],
  }),
];
