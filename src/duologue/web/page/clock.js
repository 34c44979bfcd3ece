/**
 * Moments in words, in the time zone of who reads them.
 *
 * A moment is in milliseconds since 1970, as on the wire. Formatters are costly
 * to make, so each language has its own for good.
 */

/**
 * @typedef {object} Formatters
 * @property {Intl.DateTimeFormat} time
 * @property {Intl.DateTimeFormat} day
 * @property {Intl.DateTimeFormat} dayAndYear
 * @property {Intl.RelativeTimeFormat} relative
 */

const DAY_MS = 24 * 60 * 60 * 1000;

/** @type {Map<string, Formatters>} */
const formattersByLanguage = new Map();

/**
 * @param {string} language
 * @returns {Formatters}
 */
function formattersOf(language) {
  let formatters = formattersByLanguage.get(language);
  if (formatters === undefined) {
    const day = /** @type {const} */ ({ weekday: "long", month: "long", day: "numeric" });
    formatters = {
      time: new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }),
      day: new Intl.DateTimeFormat(language, day),
      dayAndYear: new Intl.DateTimeFormat(language, { ...day, year: "numeric" }),
      relative: new Intl.RelativeTimeFormat(language, { numeric: "auto" }),
    };
    formattersByLanguage.set(language, formatters);
  }
  return formatters;
}

/**
 * @param {number} at
 * @param {string} language
 * @returns {string} such as "3:05 PM" or "오후 3:05"
 */
export function timeOfDay(at, language) {
  return formattersOf(language).time.format(at);
}

/**
 * The day of a moment: "Today", "Yesterday", else its date, with the year if it is another.
 *
 * @param {number} at
 * @param {string} language
 * @param {number} now
 * @returns {string}
 */
export function dayOf(at, language, now) {
  const { day, dayAndYear, relative } = formattersOf(language);
  const daysAgo = dayNumber(now) - dayNumber(at);
  if (daysAgo === 0 || daysAgo === 1) {
    return capitalised(relative.format(-daysAgo, "day"), language);
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? day : dayAndYear).format(at);
}

/**
 * @param {number} one
 * @param {number} other
 * @returns {boolean} whether both are on one day of the calendar here
 */
export function isSameDay(one, other) {
  return dayNumber(one) === dayNumber(other);
}

/**
 * Counts days of the calendar: a day of 23 or 25 hours is one as well.
 *
 * @param {number} at
 * @returns {number}
 */
function dayNumber(at) {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/**
 * @param {string} words
 * @param {string} language
 * @returns {string}
 */
function capitalised(words, language) {
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}
