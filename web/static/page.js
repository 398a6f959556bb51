// Keeps the page live; without this file the page is complete, only still.
(() => {
  const live = document.getElementById("live"), lost = document.getElementById("lost");
  const words = document.body.dataset.noContact;
  let heard = new Date(), timer = 0, tag = "";
  const later = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const calm = live.dataset.running !== "yes" && !document.documentElement.classList.contains("lost");
    timer = setTimeout(ask, calm ? 8000 : 3000);
  };
  const silent = () => {
    lost.textContent = words.replace("%", heard.toTimeString().slice(0, 5));
    lost.hidden = false;
    document.documentElement.classList.add("lost");
  };
  async function ask() {
    const stop = new AbortController(), limit = setTimeout(() => stop.abort(), 2000);
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(location.href, { signal: stop.signal, headers, cache: "no-store" });
      if (answer.status === 200) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("live");
        if (!fresh) throw new Error("not the page");
        const open = [...live.querySelectorAll("details")].map((d) => d.open);
        const button = document.activeElement && document.activeElement.className;
        live.replaceChildren(...fresh.childNodes);
        live.dataset.running = fresh.dataset.running;
        live.querySelectorAll("details").forEach((d, i) => { d.open = open[i] || false; });
        if (button === "stop" || button === "resume") live.querySelector("button." + button)?.focus();
        tag = answer.headers.get("ETag") || "";
      } else if (answer.status !== 304) throw new Error(answer.status);
      heard = new Date();
      lost.hidden = true;
      document.documentElement.classList.remove("lost");
    } catch { silent(); } finally { clearTimeout(limit); later(); }
  }
  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else ask(); });
  later();
})();
