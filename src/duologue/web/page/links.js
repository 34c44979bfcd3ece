/**
 * Finds the web addresses in a chat, so that the page can link them.
 *
 * A link ends at white space, at what nobody sees, at quotes, East Asian
 * punctuation and emoji. What lies between is a token, and holds one link at most,
 * so that time grows with the length only. A link goes to http or https, and never
 * hides its host behind a name and password.
 */

/** @typedef {{ text: string, href: string | null }} Piece */

const UNSEEN = String.raw`\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}`;
const PICTURES = String.raw`\p{Extended_Pictographic}\p{RI}`;
const QUOTES = '<>"`“”„‟‘’‚‛«»‹›';
const EAST_ASIAN_PUNCTUATION = "、。〃〈-】〔-〟！（），．：；？［］｛｝｟-･";

const TOKEN = new RegExp(
  String.raw`[^\s\\…${UNSEEN}${PICTURES}${QUOTES}${EAST_ASIAN_PUNCTUATION}]+`,
  "gu",
);

const START =
  /(?<![a-z0-9])https?:\/\/(?=[\p{L}\p{N}[])|(?<![a-z0-9@./_-])www\.(?=[\p{L}\p{N}])/iu;

const SCHEME = /^https?:\/\//i;

const PATH = /[/?#].*/s;

// Korean and Japanese put particles after a word without a space: such a syllable
// directly after an ASCII letter or digit is not part of the host any more.
const SYLLABLE = String.raw`[\p{sc=Hangul}\p{sc=Han}ぁ-ヿ]`;
const NAME = String.raw`(?:(?<![a-z0-9])${SYLLABLE}|(?!${SYLLABLE})[\p{L}\p{N}\p{M}._-])+`;
const HOST_AND_PORT = new RegExp(String.raw`^(?:\[[0-9a-f:.]+\]|${NAME})(?::\d+)?`, "iu");

// A path may be Korean itself. So only these words end one, only as its last, and
// only directly after a character that is not Korean.
const PARTICLES =
  "은 는 이 가 을 를 에 의 도 만 와 과 랑 이랑 로 으로 에서 에게 에는 에도 에서는 부터 까지 보다 처럼 " +
  "나 이나 라고 이라고 라는 이라는 고 이고 인데 야 이야 이다 요 이요 예요 이에요 입니다";
const PARTICLE = new RegExp(
  String.raw`(?<=[a-z0-9*_)\]'~]|^/)(?:${PARTICLES.replaceAll(" ", "|")})$`,
  "i",
);

const TRAILING = ".,:;!?'*_~([{";

/**
 * Splits a chat into plain text and links; the texts joined are the chat again.
 *
 * @param {string} content
 * @returns {Piece[]}
 */
export function linked(content) {
  /** @type {Piece[]} */
  const pieces = [];
  let plainFrom = 0;
  for (const { 0: token, index } of content.matchAll(TOKEN)) {
    const start = token.search(START);
    const text = start < 0 ? "" : linkOf(token.slice(start));
    const href = hrefOf(text);
    if (href !== null) {
      const linkFrom = index + start;
      pieces.push({ text: content.slice(plainFrom, linkFrom), href: null }, { text, href });
      plainFrom = linkFrom + text.length;
    }
  }
  pieces.push({ text: content.slice(plainFrom), href: null });
  return pieces.filter(({ text }) => text !== "");
}

/**
 * As much of a token as people mean by the address that it starts with.
 *
 * @param {string} token
 * @returns {string} empty if that is none to follow
 */
function linkOf(token) {
  const scheme = SCHEME.exec(token)?.[0] ?? "";
  const rest = token.slice(scheme.length);
  const authority = rest.replace(PATH, "");
  const host = HOST_AND_PORT.exec(authority)?.[0] ?? "";
  if (host === "" || authority.includes("@")) {
    return "";
  }
  if (host.length < authority.length) {
    return scheme + trimmed(host);
  }
  const path = trimmed(balanced(rest.slice(host.length)));
  const beforeParticle = trimmed(path.replace(PARTICLE, ""));
  return scheme + (beforeParticle === "" ? trimmed(host) : host + beforeParticle);
}

/**
 * Ends before the first bracket that closes what was not opened within.
 *
 * @param {string} path
 * @returns {string}
 */
function balanced(path) {
  let end = path.length;
  for (const [opening, closing] of ["()", "[]", "{}"]) {
    let depth = 0;
    for (let place = 0; place < end; place += 1) {
      const character = path.charAt(place);
      depth += Number(character === opening) - Number(character === closing);
      if (depth < 0) {
        end = place;
      }
    }
  }
  return path.slice(0, end);
}

/**
 * Without the punctuation at the end, which belongs to the sentence around it.
 *
 * @param {string} text
 * @returns {string}
 */
function trimmed(text) {
  let end = text.length;
  while (end > 0 && TRAILING.includes(text.charAt(end - 1))) {
    end -= 1;
  }
  return text.slice(0, end);
}

/**
 * @param {string} text
 * @returns {string | null} where a link with that text goes; null if nowhere
 */
function hrefOf(text) {
  const isBare = !SCHEME.test(text);
  if (isBare && !/^www\.[^/?#.]+\.[^/?#.]/i.test(text)) {
    return null;
  }
  try {
    return new URL(isBare ? `https://${text}` : text).href;
  } catch {
    return null;
  }
}
