// Keeps a page current; without this file the page is complete, only still.
// htmx fetches the page again and morphs what changed into place: what is focused, open or scrolled stays so. It comes
// when there is first something to renew, so that it never stands between a phone and its first look.
const CONFIG = {
  history: false, includeIndicatorCSS: false, defaultTimeout: 3000,
  noSwap: [204, 304, "4xx", "5xx"], // an error must never take the place of "Watering now"
  morphIgnore: ["data-htmx-powered", "open"], // what a reader opened stays open
};

const PULSE_MS = 4000, CALM_MS = 15000, RUNNING_MS = 3000, PULSE_LIMIT_MS = 3000, CLOCKS_MS = 120000;
const root = document.documentElement, live = () => document.getElementById("live");
const running = () => live().dataset.running === "yes";
let htmx, heard = new Date(), asked = Date.now(), tag, timer = 0;

const show = (id, text) => {
  const strip = document.getElementById(id);
  strip.hidden = !text;
  if (text) strip.textContent = text;
};

function lost() {
  root.classList.add("lost");
  const clock = heard.toLocaleTimeString(root.lang + "-u-nu-latn", { hour: "2-digit", minute: "2-digit" });
  show("lost", document.body.dataset.lost.replace("%", clock));
}

function found(headers) {
  heard = new Date();
  root.classList.remove("lost");
  show("lost", "");
  const apart = Math.abs(heard - Date.parse(headers.get("Date"))) || 0;
  show("apart", apart > CLOCKS_MS && document.body.dataset.apart.replace("%", Math.round(apart / 60000)));
}

async function refresh() {
  asked = Date.now();
  if (!htmx) {
    htmx = (await import("htmx.org/dist/htmx.esm.js")).default;
    Object.assign(htmx.config, CONFIG);
    await new Promise((ready) => setTimeout(ready)); // it looks at the page by itself in its first idle moment
  }
  live().dispatchEvent(new CustomEvent("poll"));
}

// A pulse every few seconds tells that the station is there and whether water runs; it costs a hundred bytes.
// The page itself follows at once when that changed, else each fifteen seconds; while water runs it comes each three
// seconds in place of the pulse.
async function pulse() {
  if (htmx && running()) return refresh().finally(later);
  const limit = new AbortController(), end = setTimeout(() => limit.abort(), PULSE_LIMIT_MS);
  try {
    const answer = await fetch("/pulse", { signal: limit.signal, cache: "no-store" });
    if (!answer.ok) throw answer.status;
    const was = root.classList.contains("lost");
    found(answer.headers);
    const water = answer.headers.get("Water");
    if (was || running() || water !== live().dataset.water || Date.now() - asked >= CALM_MS) refresh();
  } catch {
    if (!document.hidden) lost();
  } finally {
    clearTimeout(end);
    later();
  }
}

function later() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(pulse, running() ? RUNNING_MS : PULSE_MS);
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx, known = tag ?? live().dataset.tag;
  if (known) request.headers["If-None-Match"] = `"${known}"`;
  request.cache = "no-store";
});
document.addEventListener("htmx:after:request", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status === 200 || status === 304) found(headers);
  if (status === 200) tag = (headers.get("ETag") || "").replaceAll('"', "").replace("W/", "");
});
document.addEventListener("htmx:error", () => document.hidden || lost());
// The dock alone is renewed on pages where people type; what drives this script stands beside it.
document.addEventListener("htmx:after:swap", () => {
  const state = [...document.getElementById("dock").classList].find((name) => name !== "dock");
  live().dataset.water = state;
  live().dataset.running = state === "running" ? "yes" : "no";
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : pulse()));
later();
