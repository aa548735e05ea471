import { defineConfig } from "vitest/config";

// Scripts and styles are files of their own with hashed names: the page's policy allows nothing inline.
export default defineConfig({
  root: "src/main/page",
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  // The event-bus client is made for pages that have these globals of Node.
  define: { global: "globalThis" },
  build: {
    outDir: "../../../target/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 600,
  },
  test: {
    projects: [
      { extends: true, test: { name: "unit", root: ".", include: ["src/test/ts/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "browser",
          root: ".",
          include: ["src/test/browser/**/*.test.ts"],
          // As for the other tests: a host that others load makes no change fail by one slow moment.
          retry: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
