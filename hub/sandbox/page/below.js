// What went on, below the systems: calls and webhooks; and what can be switched.

import { get } from "./ask.js";
import { button, byId, close, make, openSheet, pillCell, plain, sheetTop, statusCell, table } from "./draw.js";
import { drawFaults, drawQuirks } from "./switches.js";

const LINES_MAX = 200;
let view = "calls";
let calls = [];
let lastCall = 0;

export function startBelow() {
  const tabs = [...document.querySelectorAll("[data-view]")];
  for (const tab of tabs) {
    tab.onclick = () => {
      view = tab.dataset.view;
      tabs.forEach((one) => one.setAttribute("aria-selected", one === tab));
      drawBelow(true);
    };
  }
  byId("filter").oninput = () => drawBelow(true);
}

export async function readCalls(total) {
  if (total < lastCall) { calls = []; lastCall = 0; }
  const from = Math.max(lastCall, total - LINES_MAX);
  if (total === lastCall) return;
  const heard = await get(`calls?since=${from}`);
  calls = [...calls.filter((one) => one.n <= from), ...heard.calls].slice(-LINES_MAX);
  lastCall = heard.last;
}

export async function drawBelow(now) {
  const asked = view;
  const faults = (await get("faults")).faults;
  byId("count-faults").textContent = faults.length;
  const hooks = view === "hooks" ? await get(`hooks?limit=${LINES_MAX}`) : null;
  const quirks = view === "quirks" ? (await get("quirks")).systems : null;
  const faultNames = view === "faults" ? (await get("")).faults : null;
  if (view !== asked) return;                          // another tab was chosen meanwhile
  const wanted = byId("filter").value.toLowerCase();
  const fits = (one) => !wanted || JSON.stringify(one).toLowerCase().includes(wanted);
  const key = JSON.stringify([view, wanted, lastCall, calls.length, faults, hooks, quirks]);
  if (!now && byId("view").dataset.key === key) return;
  if (!now && view !== "calls" && byId("view").contains(document.activeElement)) return;
  byId("view").dataset.key = key;
  if (view === "calls") drawCalls(calls.filter(fits));
  if (view === "hooks") drawHooks(hooks.posted.filter(fits));
  if (view === "faults") drawFaults(faults, faultNames);
  if (view === "quirks") drawQuirks(quirks, wanted);
}

// What was switched is drawn at once, though its own form still has the focus.
export async function drawSwitches() {
  if (view === "faults") await drawBelow(true);
}

function drawCalls(lines) {
  drawLines(lines, ["n", "at", "system", "method", "path", "status", "body"], "No calls yet.", (one) => [
    plain(one.n, "number"), plain(one.at.slice(11, 19), "code"), plain(one.system), plain(one.method, "code"),
    plain(one.query ? `${one.path}?${one.query}` : one.path, "code"), statusCell(one.status),
    plain(one.body, "code"),
  ]);
}

function drawHooks(lines) {
  drawLines(lines, ["n", "at", "system", "to", "outcome", "body"], "No webhooks yet.", (one) => [
    plain(one.n, "number"), plain(one.at.slice(11, 19), "code"), plain(one.system), plain(one.url, "code"),
    pillCell(one.outcome, one.outcome !== "delivered"), plain(one.body, "code"),
  ]);
}

function drawLines(lines, heads, none, cells) {
  if (!lines.length) return byId("view").replaceChildren(make("p", "none", none));
  const rows = lines.slice().reverse().map((one) => {
    const row = make("tr", "open");
    row.append(...cells(one));
    row.onclick = () => showLine(one);
    return row;
  });
  byId("view").replaceChildren(table(heads, rows));
}

function showLine(one) {
  const { body, ...head } = one;
  const form = make("form");
  form.method = "dialog";
  const text = make("div", "scroll");
  const details = make("details");
  details.open = true;
  details.append(make("summary", "", "Body"), make("pre", "", pretty(body)));
  text.append(make("pre", "", ""), details);
  text.firstChild.textContent = Object.entries(head).map(([name, it]) => `${name}: ${it}`).join("\n");
  text.firstChild.className = "fields";
  const foot = make("div", "foot");
  foot.append(make("span", "spring"), button("Close", "main", close));
  form.append(sheetTop(`${one.method} ${one.path || one.url}`, one.system), text, foot);
  openSheet(form);
}

function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body || "(empty)"; }
}
