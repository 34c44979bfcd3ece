/**
 * Room codes for eyes and ears: in groups to read, in words to say.
 *
 * English takes the words of the NATO alphabet. Korean takes the names of the
 * letters, and digits as they are said over the radio there, so that 2 (둘) is
 * not heard as E (이), nor 5 as O, nor 1 as 2.
 */

/** @typedef {"en" | "ko"} Language */

const MOST_IN_A_GROUP = 4;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const ENGLISH =
  "Zero One Two Three Four Five Six Seven Eight Nine " +
  "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike " +
  "November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu";

const KOREAN =
  "공 하나 둘 삼 넷 오 여섯 칠 팔 아홉 " +
  "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 " +
  "엔 오우 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트";

const WORDS = { en: wordsOf(ENGLISH), ko: wordsOf(KOREAN) };

/**
 * @param {string} words
 * @returns {Map<string, string>}
 */
function wordsOf(words) {
  return new Map(words.split(" ").map((word, place) => [ALPHABET.charAt(place), word]));
}

/**
 * The words to say a code with; a character that has none stands for itself.
 *
 * @param {string} code
 * @param {Language} language
 * @returns {string[]}
 */
export function spelled(code, language) {
  const words = WORDS[language];
  return [...code].map((character) => words.get(character.toUpperCase()) ?? character);
}

/**
 * A code as people read it, in groups of about one length: "ABC 123", "ABCD 1234".
 *
 * @param {string} code
 * @returns {string}
 */
export function grouped(code) {
  const groups = [];
  for (let rest = code; rest !== ""; ) {
    const length = Math.ceil(rest.length / Math.ceil(rest.length / MOST_IN_A_GROUP));
    groups.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return groups.join(" ");
}
