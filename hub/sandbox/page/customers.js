// One customer in every system that he is in, side by side.

import { get } from "./ask.js";
import { cardsOf } from "./cards.js";
import { byId, button, make } from "./draw.js";
import { TITLES } from "./kinds.js";
import { drawSide, forgetSides } from "./side.js";

let all = [];
let chosen = null;             // {name, members: system -> id, open: system -> count}

export function startCustomers() {
  byId("find").oninput = drawList;
  byId("customers").onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest("main")) return;
    const rows = [...byId("list").querySelectorAll("button")];
    rows[Math.max(0, rows.indexOf(document.activeElement) + step)]?.focus();
    event.preventDefault();
  };
}

export async function readCustomers() {
  all = (await get("page/customers")).customers;
  const found = all.find((one) => isSame(one, chosen));
  // Once shown together they stay so, though one of them may be called otherwise for a moment.
  if (found) chosen = { ...found, members: { ...chosen.members, ...found.members } };
  else choose(all.reduce(theBetter, null), false);
  drawList();
  await drawChosen();
}

const isSame = (one, other) => other !== null
  && Object.entries(one.members).some(([system, id]) => other.members[system] === id);

// Who is in more systems, and of two such the one with more sorts of work that is open.
function theBetter(best, one) {
  const worth = (it) => 10 * Object.keys(it.members).length + Object.values(it.open).filter(Boolean).length;
  return best && worth(best) >= worth(one) ? best : one;
}

function choose(one, now = true) {
  chosen = one;
  forgetSides();
  byId("sides").replaceChildren();
  if (now) { drawList(); drawChosen(); }
}

function drawList() {
  const wanted = byId("find").value.toLowerCase();
  const fitting = all.filter((one) => one.name.toLowerCase().includes(wanted));
  const key = JSON.stringify([fitting, chosen?.members]);
  if (byId("list").dataset.key === key) return;
  byId("list").dataset.key = key;
  const focused = document.activeElement?.dataset?.customer;
  byId("list").replaceChildren(...fitting.map(rowOf));
  if (focused) byId("list").querySelector(`[data-customer="${CSS.escape(focused)}"]`)?.focus();
}

function rowOf(one) {
  const row = button("", "", () => choose(one));
  row.dataset.customer = Object.values(one.members)[0];
  row.setAttribute("aria-current", isSame(one, chosen));
  row.title = one.name;
  const open = Object.values(one.open).reduce((sum, count) => sum + count, 0);
  const names = Object.keys(one.members).map((system) => TITLES[system].replace("Zoho ", ""));
  const where = names.length === Object.keys(TITLES).length ? "everywhere" : names.join(" · ");
  row.append(make("span", "", one.name), make("small", "", open ? `${where}, ${open} open` : where));
  return row;
}

async function drawChosen() {
  if (!chosen) return;
  const asked = chosen;
  const [found, heard] = await Promise.all([
    get(`page/customer?${new URLSearchParams(asked.members)}`), get("faults")]);
  if (asked !== chosen) return;                          // another was chosen meanwhile
  for (const system of Object.keys(TITLES)) {
    if (found[system]) drawSide(system, cardsOf(system, found[system]), heard.faults);
  }
}
