// One system of a customer: its cards, each with what can be changed and what can be done.

import { act, call, post } from "./ask.js";
import { byId, button, make } from "./draw.js";
import { TITLES, mood, money } from "./kinds.js";

const FRESH_MS = 5000;
// The calls that write, by system: Salesforce is written to by composite calls alone.
const PUTS = [{ method: "POST" }, { method: "PUT" }];
const WRITES = {
  crm: PUTS, books: PUTS, desk: [{ method: "POST" }, { method: "PATCH" }],
  salesforce: [{ method: "POST", path: "/composite" }],
};
const WIDE = new Set(["name", "website", "street", "email"]);
const armed = new Set();       // systems of which the answer to the next write is to be lost
let seen = {};                 // what each box said, and since when it says something else

export function forgetSides() { seen = {}; }

export function drawSide(system, cards, faults) {
  const side = byId(system) || byId("sides").appendChild(sideOf(system));
  const left = faults.filter((one) => one.system === system && one.fault === "answer_lost");
  const all = WRITES[system].length;
  side.querySelector("[data-lose]").setAttribute("aria-pressed", left.length === all);
  if (armed.has(system) && left.length < all) {
    armed.delete(system);                                // it was lost: the other sort is let off
    if (faults.length === left.length) call("DELETE", "faults");
  }
  const box = side.querySelector(".cards");
  const known = new Map([...box.querySelectorAll("[data-card]")].map((one) => [one.dataset.card, one]));
  const shape = cards.map((one) => `${one.kind}/${one.id}`);
  cards.forEach((one, at) => {
    const made = known.get(shape[at]) || cardOf(one, shape[at]);
    known.delete(shape[at]);
    if (box.children[at] !== made) box.insertBefore(made, box.children[at] || null);
    fill(made, one);
  });
  known.forEach((one) => one.remove());
  box.querySelector(".none")?.remove();
  if (!cards.length) box.append(make("p", "none", "Nothing here stands for this customer."));
}

function sideOf(system) {
  const side = make("section", "system");
  side.id = system;
  side.setAttribute("aria-label", TITLES[system]);
  side.style.order = Object.keys(TITLES).indexOf(system);
  side.append(sideTop(system), make("div", "cards scroll"));
  return side;
}

function sideTop(system) {
  const top = make("div", "top");
  const lose = button("Lose the next answer", "risky", () => act(async () => {
    for (const write of WRITES[system]) await post("faults", { system, fault: "answer_lost", count: 1, ...write });
    armed.add(system);
  }));
  lose.dataset.lose = "";
  lose.title = "What is written next is done, and its answer never arrives";
  top.append(make("h2", "", TITLES[system]), make("span", "spring"), lose);
  return top;
}

function cardOf(one, name) {
  const card = make("article", "card");
  card.dataset.card = name;
  const top = make("div", "top");
  top.append(make("h3"), make("span", "pill"), make("span", "spring"), make("span", "acts"), make("code", "", one.id));
  card.append(top, make("div", "boxes"), make("dl"));
  return card;
}

function fill(card, one) {
  const name = card.dataset.card;
  card.querySelector("h3").textContent = one.title;
  const pill = card.querySelector(".pill");
  pill.hidden = !one.pill;
  pill.className = `${mood(one.pill || "")} ${isFresh(`${name}.pill`, one.pill)}`;
  pill.textContent = one.pill || "";
  fillActs(card.querySelector(".acts"), one);
  fillBoxes(card.querySelector(".boxes"), name, one);
  fillFacts(card.querySelector("dl"), name, one);
}

function fillActs(where, one) {
  const acts = one.acts || [];
  const key = JSON.stringify(acts);
  if (where.dataset.key === key) return;
  where.dataset.key = key;
  where.replaceChildren(...acts.map(([does, says, details]) => button(says, does === "void" ? "risky" : "", () => {
    act(() => post("act", { system: one.system, act: does, kind: one.kind, id: one.id, details: details || {} }));
  })));
}

function fillBoxes(where, name, one) {
  one.boxes.forEach(([says, path, value], at) => {
    const said = value === null || value === undefined ? "" : String(value);
    const label = where.children[at] || where.appendChild(box(says));
    const input = label.querySelector("input");
    input.onchange = () => save(one, path, input);
    input.title = said;
    label.className = `${WIDE.has(says) ? "wide " : ""}${isFresh(`${name}.${path}`, said)}`;
    if (document.activeElement !== input || input.value === input.dataset.was) input.value = said;
    input.dataset.was = said;
  });
}

function box(says) {
  const label = make("label", "", says);
  const input = make("input");
  input.autocomplete = "off";
  input.onkeydown = (event) => {
    if (event.key === "Escape") { input.value = input.dataset.was; input.blur(); }
    if (event.key === "Enter") input.blur();
  };
  label.append(input);
  return label;
}

function save(one, path, input) {
  if (input.value === input.dataset.was) return;
  const [first, ...rest] = path.split(".");
  // In the books a person is changed in his customer.
  const id = one.system === "books" && one.kind === "contacts" ? one.record.contact_id : one.id;
  const isAmount = path === "Amount";
  const value = input.value === "" ? (one.system === "books" ? "" : null) : isAmount ? Number(input.value) : input.value;
  act(() => post("edit", { system: one.system, kind: one.kind, id, fields: { [first]: put(one.record[first], rest, value) } }));
}

// What is within a field, with the one thing in it changed.
function put(whole, rest, value) {
  if (!rest.length) return value;
  const [first, ...more] = rest;
  if (Array.isArray(whole)) return whole.map((one, at) => (String(at) === first ? put(one, more, value) : one));
  return { ...whole, [first]: put(whole[first], more, value) };
}

function fillFacts(list, name, one) {
  const facts = (one.facts || []).filter(([, value]) => value !== null && value !== undefined && value !== "");
  list.replaceChildren(...facts.flatMap(([says, value]) => {
    const said = typeof value === "number" ? money(value) : String(value);
    return [make("dt", "", says), make("dd", isFresh(`${name}.${says}`, said), said)];
  }));
}

// Whether it says something else since a moment ago; what is seen for the first time does, once the
// customer was looked at for a while.
function isFresh(name, said) {
  const now = Date.now();
  const was = seen[name];
  if (!was) seen[name] = { said, at: seen.since && now - seen.since > FRESH_MS / 2 ? now : 0 };
  else if (was.said !== said) seen[name] = { said, at: now };
  seen.since ??= now;
  return now - seen[name].at < FRESH_MS ? "fresh" : "";
}
