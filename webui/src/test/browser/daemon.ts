import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const COMMAND = resolve(process.env.BUNCTL ?? "../cli/target/bunctl/bin/bunctl");
const BUN = resolve(process.env.BUN_FOLDER ?? "../cli/target/bun");

/** A daemon in a home of its own, steered by the real command. */
export class Daemon {
  private constructor(
    readonly folder: string,
    readonly site: string,
  ) {}

  static async start(): Promise<Daemon> {
    const folder = await mkdtemp("/tmp/bw");
    const { url } = JSON.parse(await Daemon.command(folder, "web", "--port", "0", "--json")) as { url: string };
    return new Daemon(folder, url.slice(0, url.indexOf("#")));
  }

  private static command(folder: string, ...words: string[]): Promise<string> {
    const env = { ...process.env, BUNCTL_HOME: join(folder, "h"), PATH: `${BUN}:${process.env.PATH}` };
    return new Promise((done, failed) => {
      execFile(COMMAND, words, { cwd: folder, env }, (problem, out, err) => {
        if (problem) failed(new Error(`bunctl ${words.join(" ")}: ${out}${err}`));
        else done(out);
      });
    });
  }

  run(...words: string[]): Promise<string> {
    return Daemon.command(this.folder, ...words);
  }

  async file(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** Starts a program under this name. */
  async app(name: string, program: string, ...options: string[]): Promise<void> {
    await this.file(`${name}.ts`, program);
    await this.run("start", `${name}.ts`, "--name", name, "--no-wait", ...options);
  }

  async link(): Promise<string> {
    return (JSON.parse(await this.run("web", "--json")) as { url: string }).url;
  }

  async token(role: string): Promise<string> {
    return (await this.run("token", "create", "--name", `${role}-${Date.now()}`, "--role", role)).trim();
  }

  async pid(): Promise<number> {
    return (JSON.parse(await this.run("ping", "--json")) as { daemon_pid: number }).daemon_pid;
  }

  /** Stops the daemon in its tracks, as a fault would; the guard starts the next. */
  async killed(): Promise<void> {
    process.kill(await this.pid(), "SIGKILL");
  }

  log(): Promise<string> {
    return readFile(join(this.folder, "h", "daemon.log"), "utf8");
  }

  async end(): Promise<void> {
    await this.run("kill");
    await rm(this.folder, { recursive: true });
  }
}

export async function browse(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that is logged in by a link. What it complains of, and what it asks of any other host, fails the test that looks. */
export async function open(browser: Browser, daemon: Daemon, options: BrowserContextOptions = {}): Promise<Page & { complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, colorScheme: "light", ...options });
  context.setDefaultTimeout(60_000);
  const page = Object.assign(await context.newPage(), { complaints: [] as string[] });
  page.on("pageerror", (problem) => page.complaints.push(problem.message));
  page.on("console", (said) => {
    if (said.type() === "error" && !/WebSocket connection|Failed to load resource/.test(said.text())) page.complaints.push(said.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(daemon.site) && !request.url().startsWith("data:")) page.complaints.push(`asked ${request.url()}`);
  });
  await page.goto(await daemon.link());
  await page.getByRole("heading", { name: "Apps" }).waitFor();
  return page;
}

