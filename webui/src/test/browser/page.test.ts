import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browse, Daemon, open } from "./daemon";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env.PICTURES;

const STEADY = `console.log("listening"); let n = 0;
setInterval(() => { console.log("GET /orders/" + ++n + " 200"); if (n % 6 === 0) console.error("WARN slow query, 812 ms"); }, 150);`;
const CRASHING = `console.error("Error: connect ECONNREFUSED 10.0.0.7:5432\\n    at connect (db.ts:12)"); setTimeout(() => process.exit(3), 400);`;
const HOSTILE = `setInterval(() => console.log('<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'), 200);`;
const HOSTILE_NAME = `<img src=x onerror=window.hacked=3>`;
const LOUD = `let n = 0; setInterval(() => { let text = ""; for (let i = 0; i < 250; i++) text += "line " + n++ + " INFO handled a request in 12 ms\\n"; process.stdout.write(text); }, 50);`;
/** 20,000 lines a second, for longer than it takes to fill a page. */
const MANY = `let n = 100000; const timer = setInterval(() => {
  let text = ""; for (let i = 0; i < 1000; i++) text += "handled no " + n++ + " ms\\n"; process.stdout.write(text);
  if (n >= 400000) clearInterval(timer); }, 50); setInterval(() => {}, 1000);`;
/** More at once than is read while its files are kept. */
const BURST = `const line = "x".repeat(999) + "\\n"; for (let i = 0; i < 60; i++) process.stdout.write(line.repeat(1000)); setInterval(() => {}, 1000);`;

let browser: Browser;
let daemon: Daemon;

beforeAll(async () => {
  browser = await browse();
  daemon = await Daemon.start();
  await daemon.app("api", STEADY, "-i", "3");
  await daemon.app("worker", STEADY);
});

afterAll(async () => {
  await browser?.close();
  await daemon?.end();
});

const row = (page: Page, name: string) => page.locator("tbody tr").filter({ has: page.getByRole("link", { name, exact: true }) });
const go = (page: Page, place: string) => page.evaluate((to) => (location.hash = to), `#/${place}`);

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage });
}

/** What a checker of accessibility finds against WCAG 2.2 AA. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const run = await (window as any).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return run.violations.map((one: any) => `${one.id}: ${one.nodes.map((node: any) => node.html.slice(0, 120)).join(" | ")}`);
  });
  return found as string[];
}

describe("apps", () => {
  it("shows what runs, and does what is asked only once it is confirmed", async () => {
    const page = await open(browser, daemon);
    await row(page, "api").getByText("online").waitFor();
    await row(page, "api").getByText("3/3").waitFor();
    await row(page, "api").getByRole("button", { name: "Stop api" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await row(page, "api").getByText("online").waitFor();
    await row(page, "api").getByRole("button", { name: "Stop api" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await row(page, "api").getByText("stopped").waitFor();
    await row(page, "api").getByRole("button", { name: "Start api" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
    await row(page, "api").getByText("3/3").waitFor();
    await row(page, "api").getByRole("button", { name: "Restart api" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restart" }).click();
    await page.getByText("api restarted").waitFor();
    expect(page.complaints).toEqual([]);
  });

  it("tells of a crash at once, with what the process said last", async () => {
    const page = await open(browser, daemon);
    await daemon.app("flaky", CRASHING);
    await row(page, "flaky").getByText(/waiting restart|errored/).first().waitFor();
    await go(page, "apps/flaky");
    const first = page.locator(".crashes li").first();
    await first.getByText("exit code 3").waitFor();
    await first.locator("summary").click();
    await first.getByText("ECONNREFUSED").waitFor();
    await go(page, "events");
    await page.getByText(/flaky:0.*exited with 3/).first().waitFor();
    expect(page.complaints).toEqual([]);
    await daemon.run("delete", "flaky");
  });

  it("says of each value where it comes from", async () => {
    const page = await open(browser, daemon);
    await daemon.file("told.ts", STEADY);
    await daemon.file("bunctl.json", `{"name": "told",\n "script": "told.ts",\n "kill_timeout": "7s",\n "env": {"PORT": 1}}`);
    await daemon.run("start", "bunctl.json", "--max-memory", "1G");
    await go(page, "apps/told");
    const value = (name: string) => page.locator(".fields > div").filter({ has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) });
    await expect.poll(() => value("kill_timeout").textContent()).toBe("kill_timeout7sbunctl.json:3:18");
    expect(await value("max_memory").textContent()).toBe("max_memory1G--max-memory");
    expect(await value("PORT").locator(".from").textContent()).toBe("bunctl.json:4:18");
    await page.getByText(/From .*bunctl.json/).waitFor();
    expect(await value("stop_signal").isVisible()).toBe(false);
    await page.getByText("values that nothing names").click();
    await value("stop_signal").waitFor();
    expect(page.complaints).toEqual([]);
    await daemon.run("delete", "told");
  });

  it("shows names and lines of an attacker as text", async () => {
    const page = await open(browser, daemon);
    await daemon.run("start", "worker.ts", "--name", HOSTILE_NAME, "--no-wait").catch(() => {}); // Refused is as good.
    await daemon.app("hostile", HOSTILE);
    await go(page, "logs/hostile");
    await page.getByText("<img src=x").first().waitFor();
    expect(await page.evaluate(() => (window as any).hacked)).toBeUndefined();
    expect(await page.locator(".lines img, .lines script").count()).toBe(0);
    await go(page, `logs/${encodeURIComponent('<img src=x onerror="window.hacked=4">')}`);
    await go(page, `apps/${encodeURIComponent('<img src=x onerror="window.hacked=5">')}`);
    await page.getByText("There is no app called <img").waitFor();
    expect(await page.evaluate(() => (window as any).hacked)).toBeUndefined();
    expect(page.complaints).toEqual([]);
    await daemon.run("delete", "hostile");
    await daemon.run("delete", HOSTILE_NAME).catch(() => {});
  });
});

describe("login", () => {
  it("refuses what is no token, and lets an observer look but not touch", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(daemon.site);
    await page.getByLabel("Token").fill("bunctl_no");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("There is no such token").waitFor();
    await page.getByLabel("Token").fill(await daemon.token("observer"));
    await page.getByRole("button", { name: "Log in" }).click();
    await row(page, "worker").getByText("online").waitFor();
    expect(await row(page, "worker").getByRole("button", { name: "Stop worker" }).isDisabled()).toBe(true);
    await context.close();
  });
});

describe("logs", () => {
  it("stays quick at 5,000 lines a second, finds, pauses and goes on", async () => {
    const page = await open(browser, daemon);
    await daemon.app("loud", LOUD);
    await go(page, "logs/loud");
    await expect.poll(() => lines(page), { timeout: 120_000 }).toBeGreaterThan(20_000);
    // The usual frame and not the slowest: that one may be the host's.
    const usual = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          const frames: number[] = [];
          let last = performance.now();
          const frame = (now: number) => {
            frames.push(now - last);
            last = now;
            if (frames.length < 120) requestAnimationFrame(frame);
            else done(frames.sort((a, b) => a - b)[frames.length / 2]);
          };
          requestAnimationFrame(frame);
        }),
    );
    expect(usual).toBeLessThan(500);
    expect(await page.locator(".line").count()).toBeLessThan(120);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const held = await lines(page);
    await page.getByText(/\d new/).waitFor();
    expect(await lines(page)).toBe(held);
    await page.getByLabel("Search in the lines").fill("/line \\d*777 /");
    await expect.poll(() => lines(page)).toBeLessThan(held / 100);
    expect(await page.locator(".line .text").first().textContent()).toMatch(/line \d*777 /);
    await page.getByLabel("Search in the lines").fill("");
    await page.getByRole("button", { name: "Go on" }).click();
    await expect.poll(() => lines(page)).toBeGreaterThan(held);
    await daemon.run("delete", "loud");
    expect(page.complaints).toEqual([]);
  });

  it("keeps 100,000 lines, and shows no more than fit", async () => {
    const page = await open(browser, daemon);
    await go(page, "logs/many");
    await page.getByRole("log").waitFor();
    await daemon.app("many", MANY);
    await expect.poll(() => lines(page), { timeout: 150_000 }).toBe(100_000);
    await page.getByRole("button", { name: "Pause" }).click();
    await daemon.run("stop", "many");
    const list = page.getByRole("log");
    const shown = () => page.locator(".line .text").allTextContents();
    const scroll = (share: number) => list.evaluate((element, to) => (element.scrollTop = (element.scrollHeight - element.clientHeight) * to), share);
    const numbers: number[] = [];
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      await scroll(share);
      await expect.poll(async () => numberOf((await shown())[0]) > (numbers.at(-1) ?? -1)).toBe(true);
      const now = (await shown()).map(numberOf);
      numbers.push(now[0]!);
      // Those in front of the reader follow one another, and are all there is.
      expect(now).toEqual(now.map((_, at) => now[0]! + at));
      expect(now.length).toBeLessThan(120);
    }
    const span = numbers.at(-1)! - numbers[0]!;
    expect(span).toBeGreaterThan(99_000);
    expect(span).toBeLessThan(100_000);
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(1_000);
    await page.getByLabel("Search in the lines").fill("/ \\d*777 ms/");
    await expect.poll(() => lines(page)).toBe(100);
    await page.getByLabel("Search in the lines").fill(`no ${numbers[2]} ms`);
    await expect.poll(() => lines(page)).toBe(1);
    await page.getByLabel("Search in the lines").fill("");
    await expect.poll(() => lines(page)).toBe(100_000);
    await daemon.run("delete", "many");
    expect(page.complaints).toEqual([]);
  });

  it("shows where lines are missing, whatever is searched for", async () => {
    const page = await open(browser, daemon);
    await daemon.file("bursting.ts", BURST);
    await daemon.file("bursting.json", `{"apps": [{"name": "bursting", "script": "bursting.ts", "logs": {"max_size": "1M", "keep": 1}}]}`);
    await go(page, "logs/bursting");
    await page.getByRole("log").waitFor();
    await daemon.run("start", "bursting.json");
    await page.getByLabel("Search in the lines").fill("in no line");
    const gap = page.locator(".line.gap").first();
    await gap.getByText(/lines are missing here: \d+ files? of this log w.* deleted/).waitFor();
    await picture(page, "gap");
    expect(await violations(page)).toEqual([]);
    await daemon.run("delete", "bursting");
    expect(page.complaints).toEqual([]);
  });

  it("merges apps in the order of their lines", async () => {
    const page = await open(browser, daemon);
    await go(page, "logs/api,worker");
    await page.locator(".who", { hasText: "api:" }).first().waitFor();
    await page.locator(".who", { hasText: "worker:0" }).first().waitFor();
    await page.locator(".line.warn").first().waitFor();
    // What was read as the past does not come live once more.
    const shown = await page.locator(".line").allTextContents();
    expect(new Set(shown).size).toBe(shown.length);
    await picture(page, "logs");
    expect(await violations(page)).toEqual([]);
  });
});

/** The number in a line of `MANY`. */
const numberOf = (text: string | undefined) => Number(/ (\d+) ms/.exec(text ?? "")?.[1] ?? -1);

async function lines(page: Page): Promise<number> {
  const text = await page.locator(".count").textContent();
  return Number((/^[\d,]+/.exec(text ?? "") ?? ["0"])[0].replaceAll(",", ""));
}

describe("a daemon that is killed", () => {
  it("is noticed, waited for, and found again with the login as it was", async () => {
    const page = await open(browser, daemon);
    await row(page, "api").waitFor();
    await daemon.killed();
    await page.getByText("Connected again").waitFor();
    await row(page, "api").getByText("3/3").waitFor();
    await row(page, "worker").getByRole("button", { name: "Restart worker" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restart" }).click();
    await page.getByText("worker restarted").waitFor();
  });
});

describe("for everybody", () => {
  it.each(["light", "dark"] as const)("passes the checks of accessibility in %s", async (colorScheme) => {
    const page = await open(browser, daemon, { colorScheme });
    await row(page, "api").waitFor();
    for (const place of ["apps", "apps/api", "logs", "events", "nodes"]) {
      await go(page, place);
      await page.locator(`main h1`).waitFor();
      if (place === "apps/api") await page.getByRole("heading", { name: "Configuration" }).waitFor();
      await picture(page, `${place.replace("/", "-")}-${colorScheme}`, place === "apps/api");
      expect(await violations(page), `${place} in ${colorScheme}`).toEqual([]);
    }
    expect(page.complaints).toEqual([]);
  });

  it("fits a phone: nothing is cut off, all can be reached by thumb", async () => {
    const page = await open(browser, daemon, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
    await row(page, "api").waitFor();
    for (const place of ["apps", "apps/api", "logs/api", "events", "nodes"]) {
      await go(page, place);
      await page.locator("main h1").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, place).toBeLessThanOrEqual(390);
      await picture(page, `phone-${place.replace("/", "-")}`);
      expect(await violations(page), place).toEqual([]);
    }
  });

  it("is used with the keyboard alone", async () => {
    const page = await open(browser, daemon);
    await row(page, "worker").waitFor();
    await page.getByRole("button", { name: "Restart worker" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Events" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Events" }).waitFor();
  });
});
