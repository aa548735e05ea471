import { createServer } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browse, Daemon, open } from "./daemon";

const PICTURES = process.env.PICTURES;
const STEADY = `let n = 0; setInterval(() => console.log("GET /pay/" + ++n + " 200"), 300);`;

let browser: Browser;
let alpha: Daemon;
let beta: Daemon;

const listens = (port: number) =>
  new Promise<boolean>((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });

/** The first of two pairs of free ports: a node takes two. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000) * 4;
    const free = await Promise.all([0, 1, 2, 3].map((more) => listens(first + more)));
    if (first + 3 < 65_536 && free.every(Boolean)) return first;
  }
}

beforeAll(async () => {
  browser = await browse();
  const port = await freePorts();
  const hosts = `127.0.0.1:${port},127.0.0.1:${port + 2}`;
  alpha = await Daemon.start();
  beta = await Daemon.start();
  await alpha.app("web", STEADY);
  await beta.app("pay", STEADY, "-i", "2");
  await alpha.run("cluster", "enable", "--node", "alpha", "--join", hosts, "--port", String(port));
  await beta.run("cluster", "enable", "--node", "beta", "--join", hosts, "--port", String(port + 2));
});

afterAll(async () => {
  await browser?.close();
  await alpha?.end();
  await beta?.end();
});

const row = (page: Page, name: string) => page.locator("tbody tr").filter({ has: page.getByRole("link", { name, exact: true }) });
const go = (page: Page, place: string) => page.evaluate((to) => (location.hash = to), `#/${place}`);

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

describe("nodes of a cluster", () => {
  it("shows the apps of all, and does at a node what is confirmed", async () => {
    const page = await open(browser, alpha);
    await row(page, "web").getByText("online").waitFor();
    await row(page, "beta/pay").getByText("2/2").waitFor();
    await picture(page, "nodes-apps");
    await row(page, "beta/pay").getByRole("button", { name: "Stop beta/pay" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await row(page, "beta/pay").getByRole("button", { name: "Stop beta/pay" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await row(page, "beta/pay").getByText("stopped").waitFor();
    await row(page, "beta/pay").getByRole("button", { name: "Start beta/pay" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
    await page.getByText("beta/pay started").waitFor();
    await row(page, "beta/pay").getByText("2/2").waitFor();
    await row(page, "beta/pay").getByRole("link", { name: "beta/pay" }).click();
    await page.getByRole("heading", { name: "beta/pay" }).waitFor();
    await page.getByText("pay:1").waitFor();
    await page.getByRole("heading", { name: "Configuration" }).waitFor();
    expect(page.complaints).toEqual([]);
  });

  it("follows the logs of an app of another node", async () => {
    const page = await open(browser, alpha);
    await row(page, "beta/pay").waitFor();
    await go(page, `logs/web,${encodeURIComponent("beta/pay")}`);
    await page.locator(".who", { hasText: "web:0" }).first().waitFor();
    await page.locator(".who", { hasText: "beta/pay:1" }).first().waitFor();
    await picture(page, "nodes-logs");
    expect(page.complaints).toEqual([]);
  });

  it("tells which node cannot be reached, and when it can again, while it looks", async () => {
    const page = await open(browser, alpha);
    await row(page, "beta/pay").waitFor();
    await go(page, "nodes");
    const panel = page.getByRole("region", { name: "beta" });
    await panel.getByText("2 of 2 online").waitFor();
    await picture(page, "nodes");
    const daemon = await beta.pid();
    process.kill(daemon, "SIGSTOP");
    try {
      await panel.getByText("unreachable since").waitFor();
      await go(page, "apps");
      await row(page, "beta/pay").getByText("unreachable").waitFor();
      expect(await row(page, "beta/pay").getByRole("button", { name: "Restart beta/pay" }).isDisabled()).toBe(true);
      await go(page, "nodes");
    } finally {
      process.kill(daemon, "SIGCONT");
    }
    await panel.getByText("reachable", { exact: true }).waitFor();
    await panel.getByText("2 of 2 online").waitFor();
    expect(page.complaints).toEqual([]);
  });
});
