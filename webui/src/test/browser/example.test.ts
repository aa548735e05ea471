import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { browse, Daemon } from "./daemon";
import { Proxy } from "./proxy";

const EXAMPLE = resolve(import.meta.dirname, "../../../../docs/examples/browser.html");
const found = createRequire(import.meta.url);
const FILES = new Map([
  ["browser.html", EXAMPLE],
  ["sockjs.min.js", join(dirname(found.resolve("sockjs-client/package.json")), "dist/sockjs.min.js")],
  ["vertx-eventbus.js", found.resolve("@vertx/eventbus-bridge-client.js/vertx-eventbus.js")],
]);
const WITHIN = 45_000;

let browser: Browser;
let daemon: Daemon;
let proxy: Proxy;

beforeAll(async () => {
  browser = await browse();
  daemon = await Daemon.start();
  await daemon.app("api", "setInterval(() => {}, 1000);");
  proxy = await Proxy.before(daemon.site, FILES);
});

afterAll(async () => {
  await browser?.close();
  await proxy?.end();
  await daemon?.end();
});

it("logs in, prints every app and then each event, over a daemon that is killed too", { timeout: 4 * WITHIN }, async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.setDefaultTimeout(WITHIN);
  page.on("pageerror", (problem) => complaints.push(problem.message));
  await page.goto(`${proxy.site}/browser.html`);
  const said = page.getByRole("log");

  await page.getByLabel("Token").fill("bunctl_no");
  await page.getByRole("button", { name: "Log in" }).click();
  await said.getByText("no such token").waitFor();

  await page.getByLabel("Token").fill(await daemon.token("observer"));
  await page.getByRole("button", { name: "Log in" }).click();
  const online = /^api:0 online$/gm;
  const heard = async () => (await said.textContent()) ?? "";
  await expect.poll(heard, { timeout: WITHIN }).toMatch(online);

  await daemon.run("stop", "api");
  await expect.poll(heard, { timeout: WITHIN }).toMatch(/^20\S+Z api:0 stopped: /m);
  await daemon.run("start", "api");

  await daemon.killed();
  await expect.poll(async () => (await heard()).match(online)?.length ?? 0, { timeout: WITHIN }).toBeGreaterThan(1);
  const before = (await heard()).length;
  await daemon.run("stop", "api");
  await expect.poll(async () => (await heard()).slice(before), { timeout: WITHIN }).toMatch(/^20\S+Z api:0 stopped: /m);
  expect(complaints).toEqual([]);
});
