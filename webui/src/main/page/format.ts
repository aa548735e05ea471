/** Numbers and times as people read them. */

export function bytes(value: number | null | undefined): string {
  if (value == null) return "–";
  if (value < 1024) return `${value} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let scaled = value / 1024;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

export function percent(value: number | null | undefined): string {
  if (value == null) return "–";
  return value < 10 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

/** `3d 4h`, `12m 5s`: two units are enough. */
export function duration(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return millis < 1000 && millis > 0 ? `${Math.round(millis)} ms` : "0s";
  return parts
    .slice(first, first + 2)
    .filter(([count], at) => at === 0 || count > 0)
    .map(([count, unit]) => count + unit)
    .join(" ");
}

const two = (value: number) => String(value).padStart(2, "0");

export function clock(at: string | number, millis = false): string {
  const time = new Date(at);
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return millis ? `${text}.${String(time.getMilliseconds()).padStart(3, "0")}` : text;
}

export function day(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long" });
}

export function words(name: string): string {
  return name.replaceAll("_", " ");
}
