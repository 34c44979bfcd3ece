/**
 * A link as a QR code, drawn as one SVG path that the page fills.
 */

import { encode } from "../vendor/uqr.js";

/** Modules left white on each side; readers need them (ISO/IEC 18004, section 9.1). */
const QUIET_ZONE = 4;

/**
 * The dark modules as a path within a square of `size` by `size`, quiet zone included.
 *
 * @param {string} text
 * @returns {{ size: number, path: string }}
 * @throws {RangeError} the text is longer than a QR code can be
 */
export function qrPath(text) {
  const { size, data } = encode(text, { ecc: "M", boostEcc: true, border: 0 });
  const path = data.map((row, y) => rowPath(row, y + QUIET_ZONE)).join("");
  return { size: size + 2 * QUIET_ZONE, path };
}

/**
 * @param {boolean[]} row
 * @param {number} y
 * @returns {string} a rectangle for each run of dark modules
 */
function rowPath(row, y) {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    const start = x;
    while (row[x] === true) {
      x += 1;
    }
    if (x > start) {
      path += `M${start + QUIET_ZONE} ${y}h${x - start}v1h${start - x}z`;
    }
  }
  return path;
}
