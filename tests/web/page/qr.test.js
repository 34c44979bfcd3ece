import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeQR } from "qr/decode.js";

import { qrPath } from "../../../src/duologue/web/page/qr.js";

const QUIET_ZONE = 4;
const SCALE = 4;

/**
 * Fills a path as a browser does, on white.
 *
 * @param {{ size: number, path: string }} code
 */
function drawn({ size, path }) {
  const width = size * SCALE;
  const image = { width, height: width, data: new Uint8Array(width * width * 4).fill(255) };
  for (const [, x, y, length, back] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)) {
    assert.equal(length, back);
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row += 1) {
      const start = row * width + Number(x) * SCALE;
      for (let pixel = start; pixel < start + Number(length) * SCALE; pixel += 1) {
        image.data.fill(0, pixel * 4, pixel * 4 + 3);
      }
    }
  }
  return image;
}

test("a reader reads the link back, short or long, in any script", () => {
  const links = [
    "http://localhost:8080/#ABC123",
    "https://chat.example.com/#8RZ0MQ",
    "https://[2001:db8::1]:8080/duologue/#ZZZZZZ",
    `https://example.com/${"a-rather-long-path/".repeat(20)}#ABC123`,
    "https://한국.example/대화#ABC123",
  ];
  assert.deepEqual(
    links.map((link) => decodeQR(drawn(qrPath(link)))),
    links,
  );
});

test("the quiet zone is part of the size and stays white", () => {
  const { size, path } = qrPath("https://example.com/#ABC123");
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, length]) => ({
    left: Number(x),
    right: Number(x) + Number(length),
    y: Number(y),
  }));
  assert.deepEqual(
    {
      left: Math.min(...runs.map(({ left }) => left)),
      right: Math.max(...runs.map(({ right }) => right)),
      top: Math.min(...runs.map(({ y }) => y)),
      bottom: Math.max(...runs.map(({ y }) => y)) + 1,
    },
    { left: QUIET_ZONE, right: size - QUIET_ZONE, top: QUIET_ZONE, bottom: size - QUIET_ZONE },
  );
});

test("a path is nothing but rectangles, one for each run", () => {
  const { path } = qrPath("https://example.com/#ABC123");
  assert.match(path, /^(?:M\d+ \d+h\d+v1h-\d+z)+$/);
  assert.match(path, /^M4 4h7v1h-7z/);
});

test("what is too long for a QR code is refused", () => {
  assert.throws(() => qrPath("a".repeat(3000)), RangeError);
});
