// Imports a configuration and writes what it exports as JSON. Arguments: the configuration, the file for the result.
// Runs under Bun and Node alike; a failure goes to stderr, and the exit code is 1.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [file, result] = process.argv.slice(-2);

function exported(module) {
  let value = "default" in module ? module.default : { ...module };
  if (value && typeof value === "object" && value.__esModule && "default" in value) {
    value = value.default;
  }
  return value;
}

try {
  let value = exported(await import(pathToFileURL(file).href));
  if (typeof value === "function") {
    value = value({ mode: process.env.NODE_ENV ?? "production" });
  }
  value = await value;
  const json = JSON.stringify(value);
  if (json === undefined) {
    throw new Error(`exports ${typeof value} where an object or a list of apps was expected`);
  }
  writeFileSync(result, json);
} catch (failure) {
  process.stderr.write(`${failure?.stack ?? failure}\n`);
  process.exit(1);
}
// What the configuration left open (timers, servers) must not keep this alive.
process.exit(0);
