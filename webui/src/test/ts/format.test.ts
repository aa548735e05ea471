import { expect, it } from "vitest";
import { bytes, duration, percent } from "../../main/page/format";

it.each([
  [0, "0 B"],
  [1536, "1.5 KB"],
  [52_428_800, "50 MB"],
  [3 * 1024 ** 3, "3.0 GB"],
])("%d bytes are %s", (value, text) => expect(bytes(value)).toBe(text));

it.each([
  [0, "0s"],
  [250, "250 ms"],
  [61_000, "1m 1s"],
  [3_600_000, "1h"],
  [90_061_000, "1d 1h"],
])("%d ms are %s", (value, text) => expect(duration(value)).toBe(text));

it("percent of what is not known is a dash", () => expect([percent(null), percent(0.04), percent(250)]).toEqual(["–", "0.0 %", "250 %"]));
