import { describe, expect, it } from "vitest";
import type { LogLine } from "../../main/page/api";
import { levelOf, LogBuffer, Seam } from "../../main/page/logbuffer";

const line = (text: string, at = "2026-01-01T00:00:00.000Z"): LogLine => ({ at, app: "api", instance: 0, stream: "stdout", line: text });

describe("LogBuffer", () => {
  it("keeps the newest when there are more than it holds", () => {
    const buffer = new LogBuffer(1000);
    for (let i = 0; i < 50; i++) buffer.append(Array.from({ length: 77 }, (_, at) => line(`${i * 77 + at}`)));
    expect(buffer.length).toBe(1000);
    expect(buffer.at(0)?.text).toBe(`${50 * 77 - 1000}`);
    expect(buffer.at(999)?.text).toBe(`${50 * 77 - 1}`);
    expect(buffer.at(1000)).toBeUndefined();
  });

  it("shows terminal colours and control characters as nothing, and markup as text", () => {
    const [entry] = new LogBuffer().append([line("\u001b[31mred\u001b[0m \u0007<b>x</b>\u001b]0;title\u0007")]);
    expect(entry?.text).toBe("red <b>x</b>");
  });

  it("shows a gap as one", () => {
    const [entry] = new LogBuffer().append([{ ...line(""), line: undefined, gap: "deleted" }]);
    expect(entry).toMatchObject({ gap: true, text: "deleted" });
  });
});

describe("levelOf", () => {
  it.each([
    ["2026 ERROR boom", "stdout", "error"],
    ['{"level":50,"msg":"x"}', "stdout", "error"],
    ["[warn] slow", "stdout", "warn"],
    ["terror is a word", "stdout", "plain"],
    ["anything", "stderr", "warn"],
    ["DEBUG x", "stdout", "debug"],
  ])("%s on %s is %s", (text, stream, level) => expect(levelOf(text, stream)).toBe(level));
});

describe("Seam", () => {
  const second = (text: string, at: number) => line(text, `2026-01-01T00:00:${String(at).padStart(2, "0")}.000Z`);

  it("has lines that came while the past was read once, and equal lines as often as they were written", () => {
    const past = [line("a"), second("b", 1), second("b", 1)];
    const fresh = new Seam(past).fresh([second("b", 1), second("c", 2)]);
    expect(fresh.map((one) => one.line)).toEqual(["c"]);
  });

  it("knows lines of the past that come live only after it, out of order too", () => {
    const seam = new Seam([second("a", 1), second("b", 2), second("b", 2), second("c", 2)]);
    expect(seam.fresh([second("c", 2), second("b", 2)])).toEqual([]);
    expect(seam.fresh([second("d", 3), second("b", 2)]).map((one) => one.line)).toEqual(["d"]);
    expect(seam.fresh([second("b", 2)]).map((one) => one.line)).toEqual(["b"]);
  });

  it("ends: what comes much later was not in the past, whatever it says", () => {
    const seam = new Seam([second("a", 1)]);
    expect(seam.fresh([second("x", 30), second("a", 1)]).map((one) => one.line)).toEqual(["x", "a"]);
  });
});
