// Charts of what lies behind: lowest to highest as a band, the mean as a line, gaps as gaps. The page is whole without.
import uPlot from "uplot";

const root = document.documentElement, box = document.querySelector(".charts");
const lang = root.lang + "-u-nu-latn", HOUR_S = 3600, DAY_S = 86400;
const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
const drawn = [];

function times({ step, every, count, first }) {
  const at = Date.parse(step === "hour" ? first : first + "T00:00Z") / 1000, begin = new Date(at * 1000);
  return Array.from({ length: count }, (_, n) => step === "month"
    ? Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + n) / 1000
    : at + n * every * (step === "hour" ? HOUR_S : DAY_S));
}

function words(zone, options) {
  const form = new Intl.DateTimeFormat(lang, { timeZone: zone, ...options });
  return (at) => form.format(at * 1000);
}

function speech(step, zone) {
  const month = { month: "short", year: "numeric" }, day = { day: "numeric", month: "short" };
  const tick = { hour: words(zone, { hour: "2-digit", minute: "2-digit" }), day: words(zone, day), month: words(zone, month) };
  const whole = { hour: { weekday: "long", ...day, hour: "2-digit", minute: "2-digit" }, day: { weekday: "long", ...day, year: "numeric" }, month: { month: "long", year: "numeric" } };
  return { when: words(zone, whole[step]), tick: (incr) => (incr < DAY_S ? tick.hour : incr < 28 * DAY_S ? tick.day : tick.month) };
}

// A reading between two gaps has no line; it gets a dot.
const lone = (u, si) => u.data[si].flatMap((v, i, all) => (v != null && all[i - 1] == null && all[i + 1] == null ? [i] : []));

function dashed(u, value, name, word) {
  const { ctx, bbox } = u, y = u.valToPos(value, "y", true), px = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour(name);
  ctx.lineWidth = 1.5 * px;
  ctx.setLineDash([5 * px, 5 * px]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${15 * px}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.fillText(word, bbox.left + 4 * px, y + (name === "ochre" ? 17 : -5) * px);
  ctx.restore();
}

function drops(u, water) {
  const { ctx, bbox } = u, px = devicePixelRatio, bottom = bbox.top + bbox.height;
  let before = -Infinity; // where many would touch, one stands for its neighbours
  const spots = water.flatMap((mm, i) => (mm > 0 ? [u.valToPos(u.data[0][i], "x", true)] : []))
    .filter((x) => x - before >= 12 * px && (before = x, true));
  ctx.save();
  ctx.fillStyle = colour("water");
  for (const x of spots) {
    ctx.beginPath();
    ctx.moveTo(x, bottom - 13 * px);
    ctx.arc(x, bottom - 5 * px, 4.5 * px, -0.3, Math.PI + 0.3);
    ctx.fill();
  }
  ctx.restore();
}

function chart(place, data, build) {
  const { step } = data.steps, zone = step === "hour" ? box.dataset.timezone : "UTC", say = speech(step, zone);
  const own = place.dataset, plain = new Intl.NumberFormat(lang, { minimumFractionDigits: +own.digits, maximumFractionDigits: +own.digits });
  const scaled = (v) => (v == null ? null : v * own.scale + +own.shift);
  const value = (v) => own.form.replace("{n}", plain.format(v));
  const { columns, series, bands, tell, low, high, paint = () => {} } = build(own, data, scaled, value);
  const read = document.createElement("p");
  read.className = "read";
  read.setAttribute("aria-live", "polite");
  if (!drawn.length) read.textContent = box.dataset.touch;
  const size = () => ({ width: place.clientWidth, height: place.clientWidth < 700 ? 220 : 260 });
  const axis = { stroke: () => colour("soft"), font: "15px system-ui, sans-serif", ticks: { show: false }, grid: { stroke: () => colour("hair"), width: 1 } };
  const u = new uPlot({
    ...size(), tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone), legend: { show: false }, padding: [10, 30, 0, 0],
    scales: { y: { range: (_, min, max) => [low(min), high(max)] } },
    axes: [
      { ...axis, space: 70, values: (_, splits, __, ___, incr) => splits.map(say.tick(incr)) },
      { ...axis, size: 58, values: (_, splits) => splits.map((v) => new Intl.NumberFormat(lang).format(v)) },
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: "history", setSeries: false } },
    series: [{}, ...series], bands,
    hooks: {
      draw: [paint],
      setCursor: [(self) => {
        const at = self.cursor.idx;
        if (at != null) read.textContent = tell(at, say.when(self.data[0][at])) || box.dataset.gap.replace("{when}", say.when(self.data[0][at]));
      }],
    },
  }, [times(data.steps), ...columns], place);
  place.after(read);
  const move = (left) => u.setCursor({ left, top: 1 });
  for (const kind of ["touchstart", "touchmove"]) u.over.addEventListener(kind, (event) => move(event.touches[0].clientX - u.over.getBoundingClientRect().left), { passive: true });
  place.tabIndex = 0;
  place.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const last = u.data[0].length - 1, now = u.cursor.idx ?? (by < 0 ? last + 1 : -1);
    move(u.valToPos(u.data[0][Math.min(last, Math.max(0, now + by))], "x"));
  });
  new ResizeObserver(() => { if (place.clientWidth && Math.abs(u.width - place.clientWidth) > 1) u.setSize(size()); }).observe(place);
  drawn.push(u);
}

const filled = (text, values) => Object.entries(values).reduce((said, [name, v]) => said.replace(`{${name}}`, v), text);
const line = (name, more) => ({ stroke: () => colour(name), width: 2.5, points: { show: true, filter: lone, size: 5, fill: () => colour(name) }, ...more });
const edge = { points: { show: false } };

function range(tracks, own, scaled, value, names) {
  const columns = tracks.flatMap((one) => [one.max.map(scaled), one.min.map(scaled), one.mean.map(scaled)]);
  const told = own.read.split("|");
  return {
    columns,
    series: tracks.flatMap((_, n) => [edge, edge, line(names[n] || "water", n ? { dash: [7, 4], width: 2 } : {})]),
    bands: [{ series: [1, 2], fill: () => colour("fan") }],
    tell: (at, when) => tracks.map((_, n) => columns[3 * n + 2][at] == null ? "" : filled(told[n], {
      when, value: value(columns[3 * n + 2][at]), low: value(columns[3 * n + 1][at]), high: value(columns[3 * n][at]) })).filter(Boolean).join(" "),
  };
}

const builds = {
  soil(own, data, scaled, value) {
    const dry = scaled(own.dry), full = scaled(own.full);
    return {
      ...range(data.soil, own, scaled, value, []),
      low: (min) => Math.min(min ?? dry, dry - 0.35 * (full - dry)), high: (max) => Math.max(max ?? full, full + 0.25 * (full - dry)),
      paint: (u) => { dashed(u, full, "soft", own.fullWord); dashed(u, dry, "ochre", own.dryWord); drops(u, data.water); },
    };
  },
  air(own, data, scaled, value) {
    return { ...range([data.air], own, scaled, value, ["ink"]), low: (min) => min - 1, high: (max) => max + 1 };
  },
  water(own, data, scaled, value) {
    const fell = (data.rain || data.water.map(() => null)).map(scaled);
    const given = data.water.map(scaled), wide = [0.42, 18, 1.5];
    const bar = (align, more) => ({ paths: uPlot.paths.bars({ size: wide, align }), points: { show: false }, ...more });
    return {
      columns: [fell, given],
      series: [
        bar(-1, { stroke: () => colour("soft"), fill: () => colour("fan"), width: 1 }),
        bar(1, { stroke: () => colour("water"), fill: () => colour("water"), width: 0 }),
      ],
      low: () => 0, high: (max) => Math.max(scaled(5), (max || 0) * 1.1),
      tell: (at, when) => fell[at] == null && !given[at] ? "" : filled(own.read, { when, rain: fell[at] == null ? "?" : value(fell[at]), water: value(given[at]) }),
    };
  },
};

try {
  const data = JSON.parse(box.dataset.past);
  const whole = ({ mean, below, above }, parts) => ({
    mean: mean.map((v) => v == null ? v : v / parts),
    min: mean.map((v, i) => v == null ? v : (v - below[i]) / parts), max: mean.map((v, i) => v == null ? v : (v + above[i]) / parts),
  });
  data.soil = data.soil.map((one) => whole(one, 1000));
  data.air = data.air && whole(data.air, 10);
  for (const place of box.querySelectorAll(".chart")) {
    place.classList.add("on");
    chart(place, data, builds[place.dataset.part]);
  }
} catch (error) { // an old browser: the page is whole without
  root.classList.add("nochart");
  const told = document.createElement("p");
  told.textContent = box.dataset.failed;
  box.before(told);
  console.warn("history:", error);
}

const redraw = () => drawn.forEach((u) => u.redraw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(root, { attributeFilter: ["data-theme"] });
