/**
 * Messages with the traits of RFC 4475, by its names and sections; each is written for what it tries, not copied.
 * `parsed` is what the parser makes of it. `answer` is the first final status that the whole server sends, or
 * `silence`; it is left out for messages that are responses or that need something set up first.
 */

export interface TortureMessage {
  readonly name: string
  readonly trait: string
  readonly text: string
  readonly parsed: 'request' | 'response' | 'malformed' | 'nothing'
  readonly answer?: number | 'silence'
}

const SDP = [
  'v=0',
  'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
  's=-',
  'c=IN IP4 192.0.2.4',
  't=0 0',
  'm=audio 49217 RTP/AVP 0 12',
  'm=video 3227 RTP/AVP 31',
  'a=rtpmap:31 LPC',
  '',
].join('\r\n')

function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

function invite(name: string, change: Readonly<Record<string, string | undefined>> = {}, body = SDP): string {
  const headers: Record<string, string | undefined> = {
    line: 'INVITE sip:100@127.0.0.1 SIP/2.0',
    Via: `SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-${name};rport`,
    'Max-Forwards': '70',
    From: `"Caller" <sip:caller@example.net>;tag=from-${name}`,
    To: '<sip:100@example.com>',
    'Call-ID': `${name}@example.net`,
    CSeq: '1 INVITE',
    Contact: '<sip:caller@127.0.0.1:9>',
    'Content-Type': 'application/sdp',
    'Content-Length': String(Buffer.byteLength(body)),
    ...change,
  }
  const { line, ...rest } = headers
  const fields = Object.entries(rest).filter((entry) => entry[1] !== undefined)
  return head(line ?? '', ...fields.map(([field, value]) => `${field}: ${value}`)) + body
}

function other(
  method: string,
  name: string,
  change: Readonly<Record<string, string | undefined>> = {},
  body = '',
): string {
  return invite(
    name,
    {
      line: `${method} sip:100@127.0.0.1 SIP/2.0`,
      CSeq: `1 ${method}`,
      'Content-Type': undefined,
      'Content-Length': String(Buffer.byteLength(body)),
      ...change,
    },
    body,
  )
}

export const TORTURE: readonly TortureMessage[] = [
  {
    name: 'wsinv',
    trait: '3.1.1.1: folded lines, white space everywhere, compact forms, odd case, quoted pairs',
    text:
      head(
        'INVITE sip:100@127.0.0.1;unknownparam SIP/2.0',
        'TO :',
        ' sip:100@example.com ;   tag',
        ' ',
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        '  ;',
        '  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'Call-ID: wsinv.ndaksdj@192.0.2.1',
        'Content-Length   : ' + String(Buffer.byteLength(SDP)),
        'cseq: 0009',
        '  INVITE',
        'Via  : SIP  /   2.0',
        ' /UDP',
        '    127.0.0.1:9;branch=390skdjuw;rport',
        's :',
        'NewFangledHeader:   newfangled value',
        ' continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'Content-Type: application/sdp',
        'Route:',
        ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
        '  branch  =   z9hG4bK9ikj8  ,',
        ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
        ' z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        '      newvalue ;',
        '  secondparam ; q = 0.33',
      ) + SDP,
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'intmeth',
    trait: '3.1.1.2: every token character in method, names and tags; UTF-8 in a display name',
    text: other("!interesting-Method0123456789_*+`.%indeed'~", 'intmeth', {
      line: "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@127.0.0.1 SIP/2.0",
      To: '"BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007F" <sip:1_unusual.URI~(to-be!sure)@example.com>',
      From: "token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u0440\u0430\";tag=_token~1'+`*%!-.",
      "extensionHeader-!.%*+_`'~": '\uFEFF\u5927\u505C\u96FB',
    }),
    parsed: 'request',
    answer: 501,
  },
  {
    name: 'esc01',
    trait: '3.1.1.3: escapes in URIs; %-signs that are none',
    text: invite('esc01', {
      line: 'INVITE sip:1%30%30@127.0.0.1 SIP/2.0',
      To: 'sip:%75se%72@example.com',
      From: '<sip:I%20have%20spaces@example.net>;tag=938',
    }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'escnull',
    trait: '3.1.1.4: escaped NUL in a user part',
    text: other('REGISTER', 'escnull', {
      To: 'sip:null-%00-null@example.com',
      From: 'sip:null-%00-null@example.com;tag=839923423',
      Contact: '<sip:%00@host5.example.com>',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'esc02',
    trait: '3.1.1.5: a method and header names with % are themselves, not escapes',
    text: other('RE%47IST%45R', 'esc02', { 'C%6Fntact': '<sip:alias1@host1.example.com>' }),
    parsed: 'request',
    answer: 501,
  },
  {
    name: 'lwsdisp',
    trait: '3.1.1.6: no white space between display name and <',
    text: other('OPTIONS', 'lwsdisp', { From: 'caller<sip:caller@example.com>;tag=323' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'longreq',
    trait: '3.1.1.7: long values in many headers',
    text: invite('longreq', {
      line: `INVITE sip:100@127.0.0.1;${'x'.repeat(400)} SIP/2.0`,
      To: `"I have a user name of ${'extreme '.repeat(40)}proportion" <sip:100@example.com:6000;unknownparam1=very${'long'.repeat(60)};longparam${'name'.repeat(40)}=shortvalue>`,
      From: `sip:caller@example.net;tag=12${'982'.repeat(60)}424;unknownheaderparam${'name'.repeat(20)}=unknown${'value'.repeat(40)}`,
      'Call-ID': `longreq.one${'really'.repeat(30)}longcallid`,
      'Unknown-LongLongName': `unknown-${'long'.repeat(200)}-value; unknown-${'long'.repeat(40)}-parameter-name = unknown-value`,
    }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'dblreq',
    trait: '3.1.1.8: a second request in the same datagram, beyond Content-Length, is ignored',
    text: other('OPTIONS', 'dblreq') + invite('dblreq-second'),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'semiuri',
    trait: '3.1.1.9: a semicolon in a user part',
    text: other('OPTIONS', 'semiuri', { line: 'OPTIONS sip:user;par=u%40example.net@127.0.0.1 SIP/2.0' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'transports',
    trait: '3.1.1.10: Via with transports known and unknown',
    text: other('OPTIONS', 'transports', {
      Via: 'SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKkdjuw;rport, SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf, SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj, SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en, SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee',
    }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'mpart01',
    trait: '3.1.1.11: multipart body with parts that are not text',
    text: other(
      'MESSAGE',
      'mpart01',
      { 'Content-Type': 'multipart/mixed;boundary=7a9cbec02ceef655' },
      '--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n\u0001\u0002\uFFFD\r\n--7a9cbec02ceef655--',
    ),
    parsed: 'request',
    answer: 405,
  },
  {
    name: 'unreason',
    trait: '3.1.1.12: UTF-8 in a reason phrase',
    text: head(
      'SIP/2.0 200 = 2**3 * 5**2 \u043D\u043E \u0441\u0442\u043E - \u043F\u0440\u043E\u0441\u0442\u043E\u0435',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1324923',
      'Call-ID: unreason.1234ksdfak3j2erwedfsASdf',
      'CSeq: 35 INVITE',
      'From: sip:user@example.com;tag=11141343',
      'To: sip:user@example.edu;tag=2229',
      'Content-Length: 0',
    ),
    parsed: 'response',
    answer: 'silence',
  },
  {
    name: 'noreason',
    trait: '3.1.1.13: an empty reason phrase',
    text: head(
      'SIP/2.0 100 ',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK2398ndaoe',
      'Call-ID: noreason.asndj203insdf99223ndf',
      'CSeq: 35 INVITE',
      'From: <sip:user@example.com>;tag=39ansfi3',
      'To: <sip:user@example.edu>;tag=902jndnke3',
      'Content-Length: 0',
    ),
    parsed: 'response',
    answer: 'silence',
  },
  {
    name: 'badinv01',
    trait: '3.1.2.1: stray separators in Via, To and Contact',
    text: invite('badinv01', {
      To: 'sip:j.user@example.com;;;tag=>',
      Contact: '"Joe" <sip:joe@example.org>;;;;',
    }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'clerr',
    trait: '3.1.2.2: Content-Length larger than the datagram',
    text: invite('clerr', { 'Content-Length': '9999' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'ncl',
    trait: '3.1.2.3: negative Content-Length',
    text: invite('ncl', { 'Content-Length': '-999' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'scalar02',
    trait: '3.1.2.4: numbers beyond every range in a request',
    text: other('REGISTER', 'scalar02', { CSeq: '36893488147419103232 REGISTER', 'Max-Forwards': '300' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'scalarlg',
    trait: '3.1.2.5: numbers beyond every range in a response',
    text: head(
      'SIP/2.0 503 Service Unavailable',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKzzxdiwo34sw',
      'Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r',
      'CSeq: 9292394834772304023312 OPTIONS',
      'From: <sip:user@example.com>;tag=2easdjfejw',
      'To: <sip:user@example.edu>;tag=b8fjdj',
      'Retry-After: 949302838503028349304023988',
      'Content-Length: 0',
    ),
    parsed: 'nothing',
    answer: 'silence',
  },
  {
    name: 'quotbal',
    trait: '3.1.2.6: a quoted string that never ends',
    text: invite('quotbal', { To: '"Mr. J. User <sip:j.user@example.com>' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'ltgtruri',
    trait: '3.1.2.7: Request-URI in angle brackets',
    text: invite('ltgtruri', { line: 'INVITE <sip:100@127.0.0.1> SIP/2.0' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'lwsruri',
    trait: '3.1.2.8: white space in the Request-URI',
    text: invite('lwsruri', { line: 'INVITE sip:100@127.0.0.1; lr SIP/2.0' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'lwsstart',
    trait: '3.1.2.9: two spaces in the request line',
    text: invite('lwsstart', { line: 'INVITE  sip:100@127.0.0.1  SIP/2.0' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'trws',
    trait: '3.1.2.10: white space after the version',
    text: other('OPTIONS', 'trws', { line: 'OPTIONS sip:100@127.0.0.1 SIP/2.0  ' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'escruri',
    trait: '3.1.2.11: headers in the Request-URI, which we obey none of',
    text: invite('escruri', { line: 'INVITE sip:100@127.0.0.1?Route=%3Csip:example.com%3E SIP/2.0' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'baddate',
    trait: '3.1.2.12: a date that is not GMT, in a header that we do not need',
    text: invite('baddate', { Date: 'Fri, 01 Jan 2010 16:00:00 EST' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'regbadct',
    trait: '3.1.2.13: Contact URI with ? outside brackets',
    text: other('REGISTER', 'regbadct', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'badaspec',
    trait: '3.1.2.14: spaces within an addr-spec',
    text: other('OPTIONS', 'badaspec', { To: '"Watson, Thomas" < sip:t.watson@example.org >' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'baddn',
    trait: '3.1.2.15: a comma in a display name without quotes; the address is clear all the same',
    text: other('OPTIONS', 'baddn', { From: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'badvers',
    trait: '3.1.2.16: an unknown protocol version',
    text: other('OPTIONS', 'badvers', { line: 'OPTIONS sip:t.watson@example.org SIP/7.0' }),
    parsed: 'malformed',
    answer: 505,
  },
  {
    name: 'mismatch01',
    trait: '3.1.2.17: CSeq names another method',
    text: other('OPTIONS', 'mismatch01', { CSeq: '8 INVITE' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'mismatch02',
    trait: '3.1.2.18: an unknown method, and CSeq names another',
    text: other('NEWMETHOD', 'mismatch02', { CSeq: '8 INVITE' }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'bigcode',
    trait: '3.1.2.19: a status beyond every range',
    text: head(
      'SIP/2.0 4294967301 better not break the receiver',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK2398ndaoe',
      'Call-ID: bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i',
      'CSeq: 353494 INVITE',
      'From: <sip:user@example.com>;tag=39ansfi3',
      'To: <sip:user@example.edu>;tag=902jndnke3',
      'Content-Length: 0',
    ),
    parsed: 'nothing',
    answer: 'silence',
  },
  {
    name: 'badbranch',
    trait: '3.2.1: a branch of the magic cookie and nothing more',
    text: other('OPTIONS', 'badbranch', { Via: 'SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK;rport' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'insuf',
    trait: '3.3.1: no Call-ID, From or To',
    text: head(
      'INVITE sip:100@127.0.0.1 SIP/2.0',
      'CSeq: 193942 INVITE',
      'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKkdj.insuf;rport',
      'Content-Length: 0',
    ),
    parsed: 'nothing',
    answer: 'silence',
  },
  {
    name: 'unkscm',
    trait: '3.3.2: a Request-URI of an unknown scheme',
    text: invite('unkscm', { line: 'INVITE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' }),
    parsed: 'request',
    answer: 416,
  },
  {
    name: 'novelsc',
    trait: '3.3.3: a Request-URI of a known scheme that is not SIP',
    text: invite('novelsc', { line: 'INVITE soap.beep://192.0.2.103:3002 SIP/2.0' }),
    parsed: 'request',
    answer: 416,
  },
  {
    name: 'unksm2',
    trait: '3.3.4: unknown schemes in To and Contact of a REGISTER',
    text: other('REGISTER', 'unksm2', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      To: 'isbn:2983792873',
      From: '<http://www.example.com>;tag=324',
      Contact: '<name:John_Smith>',
    }),
    parsed: 'request',
    answer: 400,
  },
  {
    name: 'bext01',
    trait: '3.3.5: an extension is required that nobody has',
    text: other('OPTIONS', 'bext01', {
      Require: 'nothingSupportsThis, nothingSupportsThisEither',
      'Proxy-Require': 'noProxiesSupportThis, norDoAnyProxiesSupportThis',
    }),
    parsed: 'request',
    answer: 420,
  },
  {
    name: 'invut',
    trait: '3.3.6: a body of an unknown type',
    text: invite('invut', { 'Content-Type': 'application/unknownformat', 'Content-Length': '2' }, '<a'),
    parsed: 'request',
    answer: 415,
  },
  {
    name: 'regaut01',
    trait: '3.3.7: credentials of an unknown scheme',
    text: other('REGISTER', 'regaut01', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      Authorization: 'NoOneKnowsThisScheme opaque-data=here',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'multi01',
    trait: '3.3.8: several values where one is allowed',
    text: invite('multi01', {
      'Call-ID': 'multi01.1@example.net',
      i: 'multi01.2@example.net',
      f: 'sip:other@example.net;tag=3',
    }),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'mcl01',
    trait: '3.3.9: two Content-Length headers that disagree',
    text: other('OPTIONS', 'mcl01', { 'Content-Length': '13', l: '5' }, 'There is no way to know'),
    parsed: 'malformed',
    answer: 400,
  },
  {
    name: 'bcast',
    trait: '3.3.10: a response whose Via is a broadcast address',
    text: head(
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923',
      'Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23',
      'Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf',
      'CSeq: 35 INVITE',
      'From: sip:user@example.com;tag=11141343',
      'To: sip:user@example.edu;tag=2229',
      'Content-Length: 0',
    ),
    parsed: 'response',
    answer: 'silence',
  },
  {
    name: 'zeromf',
    trait: '3.3.11: Max-Forwards 0 has reached its end: it is answered by whoever has it',
    text: other('OPTIONS', 'zeromf', { 'Max-Forwards': '0' }),
    parsed: 'request',
    answer: 200,
  },
  {
    name: 'cparam01',
    trait: '3.3.12: a Contact parameter that nobody knows',
    text: other('REGISTER', 'cparam01', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      Contact: 'sip:+19725552222@gw1.example.net;unknownparam',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'cparam02',
    trait: '3.3.13: a URI parameter that nobody knows',
    text: other('REGISTER', 'cparam02', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      Contact: '<sip:+19725552222@gw1.example.net;unknownparam>',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'regescrt',
    trait: '3.3.14: an escaped Route in a Contact',
    text: other('REGISTER', 'regescrt', {
      line: 'REGISTER sip:127.0.0.1 SIP/2.0',
      Contact: '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>',
    }),
    parsed: 'request',
    answer: 401,
  },
  {
    name: 'sdp01',
    trait: '3.3.15: an INVITE without SDP whose sender accepts none',
    text: invite(
      'sdp01',
      { 'Content-Type': undefined, 'Content-Length': '0', Accept: 'text/nobodyKnowsThis' },
      '',
    ),
    parsed: 'request',
    answer: 406,
  },
  {
    name: 'inv2543',
    trait: '3.4.1: an INVITE of RFC 2543: no branch, no From tag',
    text: invite('inv2543', {
      Via: 'SIP/2.0/UDP 127.0.0.1:9;rport',
      From: '<sip:caller@example.net>',
      Contact: undefined,
    }),
    parsed: 'request',
    answer: 200,
  },
]
