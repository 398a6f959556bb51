// The probe's live reading, and the valve that stays open while a button is held. Without this file the
// reading is fresh at each look and the button gives ten seconds.
(() => {
  const every = 1000;

  for (const box of document.querySelectorAll("[data-live]")) {
    const look = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(box.dataset.live, { cache: "no-store" });
          if (answer.ok) box.innerHTML = await answer.text();
        } catch { /* the frame says when contact is lost */ }
      }
      setTimeout(look, every);
    };
    setTimeout(look, every);
  }

  for (const form of document.querySelectorAll("form.hold")) {
    const button = form.querySelector("button"), said = form.querySelector("[role=status]");
    const quiet = said.textContent;
    let run = null, timer = 0, pressed = false;

    const post = (address, more = {}) => {
      const body = new FormData(form);
      for (const [name, value] of Object.entries(more)) body.set(name, value);
      return fetch(address, { method: "POST", body, keepalive: true });
    };
    const end = async () => {
      pressed = false;
      clearInterval(timer);
      button.classList.remove("held");
      const mine = run;
      run = null;
      if (mine) await post(form.dataset.letGo.replace("RUN", mine)).catch(() => {});
      if (said.textContent === form.dataset.holding) said.textContent = quiet;
    };
    const begin = async (event) => {
      event.preventDefault();
      if (pressed) return;
      pressed = true;
      button.classList.add("held");
      try {
        const answer = await (await post(form.action, { held: "yes" })).json();
        if (answer.said) { said.textContent = answer.said; return end(); }
        run = answer.id;
        if (!pressed) return end(); // let go before the answer came
        said.textContent = form.dataset.holding;
        timer = setInterval(async () => {
          const held = await post(form.dataset.hold.replace("RUN", run)).then((a) => a.json()).catch(() => null);
          if (held && !held.holding) end();
        }, every);
      } catch { end(); }
    };
    button.addEventListener("pointerdown", begin);
    for (const over of ["pointerup", "pointercancel", "pointerleave"]) button.addEventListener(over, end);
    button.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") begin(event); });
    button.addEventListener("keyup", end);
    button.addEventListener("blur", end);
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("pagehide", end);
    document.addEventListener("visibilitychange", () => { if (document.hidden) end(); });
  }
})();
