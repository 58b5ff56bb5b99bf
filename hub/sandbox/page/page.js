// The page of the sandbox: it asks the control API every so often, and draws what it hears.

import { act, afterwards, get, post } from "./ask.js";
import { drawBelow, drawSwitches, readCalls, startBelow } from "./below.js";
import { readCustomers, startCustomers } from "./customers.js";
import { byId } from "./draw.js";
import { askSeed, reset, tellHow } from "./offers.js";
import { drawRecords, drawSystems, systems } from "./systems.js";

const REFRESH_MS = 700;
let shown = "customers";

async function start() {
  document.querySelectorAll("[data-advance]").forEach((button) => {
    button.onclick = () => act(() => post("clock", { advance_seconds: Number(button.dataset.advance) }));
  });
  byId("pace").onchange = () => {
    act(() => post("traffic", { acts_per_minute: Number(byId("pace").value) }));
  };
  byId("connect").onclick = tellHow;
  byId("seed").onclick = askSeed;
  byId("reset").onclick = reset;
  startBelow();
  startCustomers();
  const tabs = [...document.querySelectorAll("[data-show]")];
  tabs.forEach((tab) => { tab.onclick = () => show(tab.dataset.show, tabs); });
  afterwards(async () => { await refresh(); await drawSwitches(); });
  while (true) {
    await refresh();
    await new Promise((done) => setTimeout(done, document.hidden ? 5 * REFRESH_MS : REFRESH_MS));
  }
}

function show(what, tabs) {
  shown = what;
  tabs.forEach((tab) => tab.setAttribute("aria-selected", tab.dataset.show === what));
  for (const one of ["customers", "systems"]) byId(one).hidden = one !== what;
  refresh();
}

async function refresh() {
  try {
    const customers = shown === "customers" ? readCustomers() : null;
    const counts = await get("counts");
    byId("now").textContent = counts.now.slice(0, 19).replace("T", " ");
    drawPace(counts.acts_per_minute);
    drawSystems(counts.systems);
    if (customers) await customers;
    else await Promise.all(systems.map(drawRecords));
    await readCalls(counts.calls);
    byId("count-calls").textContent = counts.calls;
    byId("count-hooks").textContent = counts.hooks.posted;
    await drawBelow(false);
    tellState("live", true);
  } catch (error) {
    tellState(`away: ${error.message}`, false);
  }
}

function drawPace(pace) {
  const select_ = byId("pace");
  if (document.activeElement === select_) return;
  if (![...select_.options].some((one) => Number(one.value) === pace)) {
    select_.append(new Option(`${pace} acts a minute`, pace));
  }
  select_.value = String(pace);
}

function tellState(text, good) {
  byId("state").textContent = text;
  byId("state").classList.toggle("away", !good);
}

start();
