import assert from "node:assert/strict";
import { test } from "node:test";

import { dayOf, isSameDay, timeOfDay } from "../../../src/duologue/web/page/clock.js";

Object.assign(process.env, { TZ: "Europe/Berlin" });

/** @param {[number, number, number, number?, number?]} moment year, month from 1, day … */
function at(...[year, month, day, hour = 0, minute = 0]) {
  return new Date(year, month - 1, day, hour, minute).getTime();
}

/** @param {string} text whose spaces, as they may be narrow, are made plain */
function plain(text) {
  return text.replace(/\s/g, " ");
}

test("the time of day is told as the language does", () => {
  const moments = [at(2025, 3, 1, 0, 5), at(2025, 3, 1, 15, 5)];
  assert.deepEqual(
    ["en", "ko"].map((language) => moments.map((moment) => plain(timeOfDay(moment, language)))),
    [
      ["12:05 AM", "3:05 PM"],
      ["오전 12:05", "오후 3:05"],
    ],
  );
});

test("a day is today, yesterday, or a date, with the year if it is another", () => {
  const now = at(2025, 3, 1, 12);
  const moments = [
    at(2025, 3, 1, 0, 0),
    at(2025, 3, 1, 23, 59),
    at(2025, 2, 28, 23, 59),
    at(2025, 2, 27),
    at(2024, 12, 31),
    at(2025, 3, 2),
  ];
  assert.deepEqual(
    ["en", "ko"].map((language) => moments.map((moment) => dayOf(moment, language, now))),
    [
      [
        "Today",
        "Today",
        "Yesterday",
        "Thursday, February 27",
        "Tuesday, December 31, 2024",
        "Sunday, March 2",
      ],
      ["오늘", "오늘", "어제", "2월 27일 목요일", "2024년 12월 31일 화요일", "3월 2일 일요일"],
    ],
  );
});

test("yesterday is yesterday at the turn of a year, and of summer time", () => {
  const pairs = [
    [at(2024, 12, 31, 23), at(2025, 1, 1)],
    [at(2025, 3, 29), at(2025, 3, 30, 23, 59)],
    [at(2025, 10, 26, 0, 0), at(2025, 10, 26, 23, 59)],
    [at(2025, 10, 25, 23, 59), at(2025, 10, 26, 23, 59)],
  ].map(([moment = 0, now = 0]) => dayOf(moment, "en", now));
  assert.deepEqual(pairs, ["Yesterday", "Yesterday", "Today", "Yesterday"]);
});

test("days are the same by the calendar, not by hours", () => {
  assert.deepEqual(
    [
      isSameDay(at(2025, 3, 1, 0, 0), at(2025, 3, 1, 23, 59)),
      isSameDay(at(2025, 3, 1, 23, 59), at(2025, 3, 2, 0, 0)),
      isSameDay(at(2024, 3, 1), at(2025, 3, 1)),
    ],
    [true, false, false],
  );
});

test("formatters are made once for a language", (t) => {
  const make = t.mock.method(Intl, "DateTimeFormat", Intl.DateTimeFormat);
  timeOfDay(0, "fr");
  const afterFirst = make.mock.callCount();
  timeOfDay(0, "fr");
  dayOf(0, "fr", 0);
  assert.deepEqual([afterFirst, make.mock.callCount()], [3, 3]);
});
