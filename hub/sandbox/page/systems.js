// The systems side by side, and their records.

import { get } from "./ask.js";
import { byId, make, table } from "./draw.js";
import { FIRST, TITLES, columnsOf, headOf, idOf, inOrder, label, mood, plainFields, value } from "./kinds.js";
import { openRecord } from "./record.js";

const ROWS_MAX = 100;
const KINDS_MAX = 8;
const MONEY = /amount|price|total|balance|rate$/i;
const shown = {};            // system -> kind that is looked at
const searched = {};         // system -> what is searched for
const drawn = {};            // system -> the rows on the screen, so that only news is drawn
const TOPICS = "pubsub";       // what it holds are events, no records
export let systems = [];

export function drawSystems(counts) {
  const names = Object.keys(counts).filter((name) => TITLES[name] || (name !== TOPICS && holdsAny(counts[name])));
  if (names.join() !== systems.join()) {
    systems = names;
    byId("systems").replaceChildren(...names.map(card));
    if (!names.length) byId("systems").append(make("p", "none", "No system is played here."));
  }
  for (const name of names) {
    const kinds = Object.keys(counts[name]);
    if (!kinds.includes(shown[name])) {
      shown[name] = kinds.find((kind) => FIRST.includes(kind)) || inOrder(name, kinds)[0];
    }
    drawKinds(name, counts[name]);
  }
}

// Where messages go is shown once there are some.
const holdsAny = (kinds) => Object.values(kinds).some((count) => count > 0);

function card(name) {
  const box = make("section", "system");
  box.id = `system-${name}`;
  const top = make("div", "top");
  const search = make("input");
  search.type = "search";
  search.placeholder = "Search";
  search.setAttribute("aria-label", `Search in ${name}`);
  search.oninput = () => { searched[name] = search.value; drawRecords(name); };
  top.append(make("h2", "", TITLES[name] || name), make("span", "spring"), search);
  const tabs = make("nav");
  tabs.setAttribute("role", "tablist");
  box.append(top, tabs, make("div", "scroll"));
  return box;
}

function drawKinds(name, counts) {
  const tabs = byId(`system-${name}`).querySelector("nav");
  const key = JSON.stringify([counts, shown[name]]);
  if (tabs.dataset.key === key) return;
  tabs.dataset.key = key;
  const choose = (kind) => { shown[name] = kind; drawKinds(name, counts); drawRecords(name); };
  const kinds = inOrder(name, Object.keys(counts));
  const seldom = kinds.filter((kind) => !columnsOf(name, kind) && kinds.length > KINDS_MAX);
  tabs.replaceChildren(...kinds.filter((kind) => !seldom.includes(kind)).map((kind) => {
    const tab = make("button", "", `${label(kind)} `);
    tab.append(make("b", "", counts[kind]));
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", kind === shown[name]);
    tab.onclick = () => choose(kind);
    return tab;
  }));
  if (!seldom.length) return;
  const more = make("select", seldom.includes(shown[name]) ? "chosen" : "");
  more.setAttribute("aria-label", "More kinds");
  more.append(new Option("more", ""), ...seldom.map((kind) => new Option(`${label(kind)} ${counts[kind]}`, kind)));
  more.value = seldom.includes(shown[name]) ? shown[name] : "";
  more.onchange = () => { if (more.value) choose(more.value); };
  tabs.append(more);
}

export async function drawRecords(name) {
  const kind = shown[name];
  const box = byId(`system-${name}`)?.querySelector(".scroll");
  if (!kind || !box) return;
  const asked = { system: name, kind, search: searched[name] || "", limit: ROWS_MAX };
  const found = await get(`records?${new URLSearchParams(asked)}`);
  if (kind !== shown[name]) return;                    // another tab was chosen meanwhile
  const key = JSON.stringify([asked, found]);
  if (drawn[name]?.key === key) return;
  const before = drawn[name]?.asked === JSON.stringify(asked) ? drawn[name].rows : null;
  const rows = Object.fromEntries(found.records.map((one) => [idOf(kind, one), JSON.stringify(one)]));
  drawn[name] = { key, asked: JSON.stringify(asked), rows };
  const isFresh = (id) => before !== null && before[id] !== rows[id];
  box.replaceChildren(...recordTable(name, kind, found, isFresh));
}

function recordTable(name, kind, found, isFresh) {
  if (!found.records.length) return [make("p", "none", "Nothing here.")];
  const columns = columnsOf(name, kind) || plainFields(found.records[0]).slice(0, 6);
  const rows = found.records.map((record) => {
    const row = make("tr", isFresh(idOf(kind, record)) ? "open fresh" : "open");
    row.tabIndex = 0;
    row.append(...columns.map((column) => cell(column, value(record, column))));
    row.onclick = () => openRecord(name, kind, record);
    row.onkeydown = (event) => { if (event.key === "Enter") openRecord(name, kind, record); };
    return row;
  });
  const left = found.count - found.records.length;
  const more = left > 0 ? [make("p", "more", `and ${left} older ones; search to find them`)] : [];
  return [table(columns.map(headOf), rows), ...more];
}

function cell(column, text) {
  if (/status|stage/i.test(column) && text !== "") {
    const td = make("td");
    td.append(make("span", mood(text), text));
    return td;
  }
  const isNumber = typeof text === "number";
  const digits = isNumber && MONEY.test(column) ? 2 : 0;
  const said = isNumber ? text.toLocaleString("en", { minimumFractionDigits: digits }) : text;
  const td = make("td", isNumber ? "number" : "", said);
  td.title = text;
  return td;
}
