/**
 * Parameters by the full name of their table, beside those that its defaults, limits and types name: so that a shortened one is recognised, and one that
 * follows `activate`. Those of 7.2, as prints and the vendor's command line references have them.
 */
export const moreParameters: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  'ip-group': [
    'proxy-set-name media-realm-name ip-profile-name local-host-name contact-user cac-profile classify-by-proxy-set bandwidth-profile',
    'inbound-mesg-manipulation-set outbound-mesg-manipulation-set always-use-route-table always-use-source-addr authentication-mode sbc-dial-plan-name',
    'topology-location used-by-routing-server call-setup-rules-set-id teams-registration-mode sip-re-routing-mode internal-media-realm-name',
    'max-num-of-reg-users registration-mode authentication-method-list sbc-client-forking-mode source-uri-input dst-uri-input username',
    'msg-man-user-defined-string1 msg-man-user-defined-string2 uui-format qoe-profile media-enhancement-profile sip-connect route-using-request-uri-port',
    'sbc-operation-mode sbc-psap-mode dtls-context created-by-routing-server sbc-alt-route-reasons-name proxy-keepalive-use-ipg user-voice-quality-report',
    'validate-source-ip use-requri-port teams-local-media-optimization teams-local-mo-initial-behavior teams-local-mo-site teams-direct-routing-mode',
    'metering-remote-type',
  ],
  'proxy-set': [
    'sbcipv4-sip-int-name tls-context-name proxy-redundancy-mode proxy-load-balancing-method is-proxy-hot-swap dns-resolve-method keepalive-fail-resp',
    'min-active-serv-lb classification-input gwipv4-sip-int-name accept-dhcp-proxy-list peer-host-name',
  ],
  'proxy-set proxy-ip': ['proxy-address'],
  'proxy-set proxy-address': ['proxy-address'],
  'sip-interface': [
    'network-interface application-type media-realm-name tls-context-name additional-udp-ports encapsulating-protocol message-policy-name tls-mutual-auth',
    'tcp-keepalive-enable used-by-routing-server sbc-direct-media block-un-reg-users max-num-of-reg-users enable-un-auth-registrs',
    'classification-fail-response-type pre-classification-manset pre-parsing-man-set topology-location call-setup-rules-set-id cac-profile',
  ],
  'srd': [
    'block-un-reg-users max-num-of-reg-users enable-un-auth-registrs sharing-policy used-by-routing-server sbc-operation-mode sbc-routing-policy-name',
    'sbc-dial-plan-name cac-profile type',
  ],
  'realm': ['ipv4if ipv6if is-default qoe-profile bw-profile topology-location remote-ipv4if tcp-port-range-start used-by-routing-server'],
  'coders-and-profiles ip-profile': [
    'ip-preference jitter-buffer-minimum-delay jitter-buffer-max-delay jitter-buffer-optimization-factor rtp-ip-diffserv sig-ip-diffserv call-limit',
    'broken-connection-mode media-ip-version-preference ice-mode mki-size enable-symmetric-mki reset-srtp-upon-re-key sbc-ext-coders-group-name',
    'allowed-audio-coders-group-name allowed-video-coders-group-name sbc-allowed-coders-mode sbc-media-security-behaviour sbc-dtls-role',
    'sbc-rfc2833-behavior sbc-2833dtmf-payload sbc-alternative-dtmf-method sbc-assert-identity sbc-diversion-mode sbc-history-info-mode sbc-prack-mode',
    'sbc-session-expires-mode sbc-rmt-update-supp sbc-rmt-re-invite-supp sbc-rmt-delayed-offer sbc-rmt-refer-behavior sbc-rmt-3xx-behavior',
    'sbc-rmt-hold-format sbc-rmt-replaces-behavior sbc-rmt-early-media-supp sbc-rmt-early-media-resp sbc-rmt-can-play-ringback sbc-play-held-tone',
    'sbc-fax-behavior sbc-fax-coders-group-name sbc-user-reg-time sbc-voice-quality-enhancement sbc-max-call-duration',
  ],
  'coders-and-profiles audio-coders-groups audio-coders': ['name p-time rate payload-type silence-suppression coder-specific'],
  'coders-and-profiles allowed-audio-coders-groups allowed-audio-coders': [
    'name p-time rate payload-type silence-suppression coder user-define-coder',
  ],
  'coders-and-profiles allowed-video-coders-groups allowed-video-coders': ['name p-time rate payload-type silence-suppression user-define-coder'],
  'sip-definition account': [
    'served-ip-group-name serving-ip-group-name host-name password contact-user register application-type served-trunk-group registrar-stickiness',
    'registrar-search-mode reg-event-package-subscription reg-by-served-ipg-status udp-port-assignment re-register-on-invite-failure',
  ],
  'message message-manipulations': ['message-type row-role'],
  'message call-setup-rules': ['request-type request-target request-key attr-to-get row-role condition action-subject action-type action-value'],
  'message message-policy': [
    'max-message-length max-header-length max-body-length max-num-headers max-num-bodies send-rejection method-list method-list-type body-list',
    'body-list-type signature-db-enable',
  ],
  'qoe bw-profile': [
    'egress-audio-bandwidth ingress-audio-bandwidth egress-video-bandwidth ingress-video-bandwidth total-egress-bandwidth total-ingress-bandwidth',
    'warning-threshold hysteresis generate-alarms',
  ],
  'qoe qoe-profile': ['sensitivity-level is-default'],
  'qoe qoe-profile qoe-color-rules': ['green-yellow-threshold green-yellow-hysteresis yellow-red-threshold yellow-red-hysteresis'],
  'sbc cac-profile cac-rule': ['rate-per-user max-burst-per-user reservation'],
  'sbc classification': [
    'message-condition-name src-sip-interface-name src-ip-group-name ip-profile-name dest-routing-policy src-transport-type src-ip-address src-port',
    'ip-group-selection ip-group-tag-name',
  ],
  'sbc dial-plan': ['prefix-case-sensitivity'],
  'sbc dial-plan dial-plan-rule': ['tag'],
  'sbc malicious-signature-database': ['pattern'],
  'sbc manipulation ip-inbound-manipulation': [
    'routing-policy-name is-additional-manipulation manipulated-uri src-ip-group-name src-user-name-pattern src-host dst-user-name-pattern dst-host',
    'request-type remove-from-left remove-from-right leave-from-right prefix-to-add suffix-to-add manipulation-purpose',
  ],
  'sbc manipulation ip-outbound-manipulation': [
    'routing-policy-name is-additional-manipulation manipulated-uri src-ip-group-name src-user-name-pattern src-host dst-user-name-pattern dst-host',
    'request-type remove-from-left remove-from-right leave-from-right prefix-to-add suffix-to-add dst-ip-group-name calling-name-pattern',
    'message-condition-name re-route-ip-group-name trigger privacy-restriction-mode src-tags dest-tags',
  ],
  'sbc routing alt-route-reasons-set': ['description'],
  'sbc routing alt-route-reasons-set alt-route-reasons-rules': ['rel-cause-code'],
  'sbc routing ip-group-set ip-group-set-member': ['ip-group-name weight'],
  'sbc routing ip2ip-routing': [
    'src-ip-group-name dst-ip-group-name re-route-ip-group-name dest-sip-interface-name message-condition-name routing-policy-name src-user-name-pattern',
    'dst-user-name-pattern src-host dst-host dst-address dst-port dst-transport-type src-tags dest-tags sbc-routing-policy-name call-setup-rules-set-id',
    'cost-group ipgroupset-name internal-action modified-dest-user-name',
  ],
  'sbc routing sbc-routing-policy': ['lcr-enable lcr-average-call-length lcr-default-cost ldap-srv-group-name'],
  'network:interface network-if': ['application-type ip-address prefix-length gateway primary-dns secondary-dns underlying-dev interface-mode'],
}).map(([table, lines]) => [table, lines.flatMap((line) => line.split(' '))]));
