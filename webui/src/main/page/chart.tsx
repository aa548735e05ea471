import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock } from "./format";
import { theme } from "./theme";

export interface Line {
  label: string;
  values: (number | null)[];
}

const HEIGHT = 150;

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(lines: Line[], width: number, format: (value: number | null) => string, least: number): uPlot.Options {
  const axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: "11px InterVariable, system-ui, sans-serif",
  };
  return {
    width,
    height: HEIGHT,
    // Half of the last time is right of the last value.
    padding: [8, 30, 0, 0],
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    legend: { show: lines.length > 1, live: false },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(least, (max ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 28, space: 70, values: (_, at) => at.map((second) => clock(second * 1000)) },
      { ...axis, size: 62, space: 36, values: (_, at) => at.map((value) => format(value)) },
    ],
    series: [
      {},
      ...lines.map((line, at) => ({
        label: line.label,
        stroke: colour(`--series-${(at % 6) + 1}`),
        width: 1.5,
        fill: lines.length === 1 ? colour("--series-fill") : undefined,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}

/** Some quantities over time. The last value of each is in its label, for those who cannot see the lines. */
export function Chart(props: {
  title: string;
  times: number[];
  lines: Line[];
  format: (value: number | null) => string;
  least: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const names = props.lines.map((line) => line.label).join();
  const dark = theme.value;
  const data = (): uPlot.AlignedData => [props.times.map((time) => time / 1000), ...props.lines.map((line) => line.values)];

  useEffect(() => {
    const target = place.current!;
    const made = new uPlot(options(props.lines, target.clientWidth || 300, props.format, props.least), data(), target);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: target.clientWidth, height: HEIGHT }));
    observer.observe(target);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [names, dark]);
  useEffect(() => plot.current?.setData(data()), [props.times, props.lines]);

  const last = props.lines.map((line) => `${line.label} ${props.format(line.values.at(-1) ?? null)}`).join(", ");
  return (
    <figure class="chart">
      <figcaption>
        {props.title}
        <span class="now">
          {props.lines.length === 1 ? props.format(props.lines[0]!.values.at(-1) ?? null) : ""}
        </span>
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${props.title} over the last ten minutes: ${last}`} />
    </figure>
  );
}
