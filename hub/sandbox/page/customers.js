// One customer in both systems, side by side: what they say, to be changed, and what can be done.

import { act, call, get, post } from "./ask.js";
import { byId, button, make } from "./draw.js";
import { mood, money } from "./kinds.js";

const FRESH_MS = 5000;
const WRITES = ["POST", "PUT"];
const armed = new Set();       // systems of which the answer to the next write is to be lost
let all = [];
let chosen = null;             // {crm, books, name}
let seen = {};                 // what each box said, and since when it says something else
let faults = [];

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
  const same = (one) => chosen && ((one.crm && one.crm === chosen.crm) || (one.books && one.books === chosen.books));
  // Once shown together they stay so, though one of them may be called otherwise for a moment.
  const found = all.find(same);
  if (found) chosen = { name: found.name, crm: found.crm || chosen.crm, books: found.books || chosen.books };
  else choose(all.find((one) => one.books && one.deals) || all.find((one) => one.crm && one.books) || all[0] || null, false);
  drawList();
  await drawChosen();
}

function choose(one, now = true) {
  chosen = one;
  seen = {};
  for (const side of ["crm", "books"]) byId(side).replaceChildren();
  if (now) { drawList(); drawChosen(); }
}

function drawList() {
  const wanted = byId("find").value.toLowerCase();
  const fitting = all.filter((one) => one.name.toLowerCase().includes(wanted));
  const key = JSON.stringify([fitting, chosen?.crm, chosen?.books]);
  if (byId("list").dataset.key === key) return;
  byId("list").dataset.key = key;
  const focused = document.activeElement?.dataset?.customer;
  byId("list").replaceChildren(...fitting.map((one) => {
    const row = button("", "", () => choose(one));
    row.dataset.customer = one.crm || one.books;
    row.setAttribute("aria-current", chosen && one.crm === chosen.crm && one.books === chosen.books);
    row.append(make("span", "", one.name));
    row.title = one.name;
    const told = !one.crm ? "Books only" : !one.books ? "CRM only" : one.deals ? `${one.deals} open` : "";
    if (told) row.append(make("small", "", told));
    return row;
  }));
  if (focused) byId("list").querySelector(`[data-customer="${CSS.escape(focused)}"]`)?.focus();
}

async function drawChosen() {
  if (!chosen) return;
  const asked = chosen;
  const [found, heard] = await Promise.all([
    get(`page/customer?${new URLSearchParams({ crm: asked.crm, books: asked.books })}`), get("faults")]);
  if (asked !== chosen) return;                          // another was chosen meanwhile
  faults = heard.faults;
  drawSide("crm", "Zoho CRM", cardsOfCrm(found.crm));
  drawSide("books", "Zoho Books", cardsOfBooks(found.books));
}

// Each card: {id, title, pill, system, kind, record, boxes: [[label, path, value]], facts, acts}.
function cardsOfCrm(crm) {
  const of = (kind, record, title, paths, more = {}) => ({
    id: record.id, kind, system: "crm", record, title, ...more,
    boxes: paths.map(([says, path]) => [says, path, record[path]]),
  });
  return [
    ...(crm.Accounts || []).map((one) => of("Accounts", one, "Account", [
      ["name", "Account_Name"], ["website", "Website"], ["phone", "Phone"], ["street", "Billing_Street"],
      ["city", "Billing_City"], ["postcode", "Billing_Code"], ["country", "Billing_Country"],
    ], { facts: [["owes", one.Books_Balance], ["overdue", one.Books_Overdue_Count]] })),
    ...(crm.Contacts || []).map((one) => of("Contacts", one, "Person", [
      ["first name", "First_Name"], ["last name", "Last_Name"], ["email", "Email"], ["phone", "Phone"]])),
    ...(crm.Deals || []).map((one) => of("Deals", one, one.Deal_Name, [["amount", "Amount"]], {
      pill: one.Stage,
      facts: [["invoice", one.Books_Invoice_Number], ["paid?", one.Books_Payment_Status], ["open", one.Books_Balance],
        ["quote", quoteOf(crm, one)]],
      acts: /^Closed/.test(one.Stage) ? [] : [["close", "Close as won"], ["lose", "Lose"]],
    })),
  ];
}

function quoteOf(crm, deal) {
  const quotes = (crm.Quotes || []).filter((one) => one.Deal_Name?.id === deal.id);
  return quotes.map((one) => `${one.Quote_Stage}, ${one.Quoted_Items.length} lines, ${money(one.Grand_Total)}`).join("; ");
}

function cardsOfBooks(books) {
  const address = (one, part) => one.billing_address?.[part];
  return [
    ...(books.contacts || []).map((one) => ({
      id: one.contact_id, system: "books", kind: "contacts", record: one, title: "Customer", pill: one.status,
      boxes: [["name", "company_name", one.company_name], ["website", "website", one.website], ["phone", "phone", one.phone],
        ...[["street", "address"], ["city", "city"], ["postcode", "zip"], ["country", "country"]]
          .map(([says, part]) => [says, `billing_address.${part}`, address(one, part)])],
      facts: [["called", one.contact_name], ["owes", one.outstanding_receivable_amount]],
    })),
    ...(books.contacts || []).flatMap((one) => one.contact_persons.map((person, at) => ({
      id: person.contact_person_id, system: "books", kind: "contacts", record: one, title: "Person",
      boxes: ["first_name", "last_name", "email", "phone"]
        .map((part) => [part.replace("_", " "), `contact_persons.${at}.${part}`, person[part]]),
    }))),
    ...(books.invoices || []).map((one) => ({
      id: one.invoice_id, system: "books", kind: "invoices", record: one, title: `Invoice ${one.invoice_number}`,
      pill: one.status, boxes: [["due", "due_date", one.due_date]],
      facts: [["for", one.reference_number], ["total", one.total], ["open", one.balance],
        ["lines", one.line_items.map((line) => `${line.quantity} × ${line.name}`).join("; ")]],
      acts: actsOf(one),
    })),
    ...(books.customerpayments || []).map((one) => ({
      id: one.payment_id, system: "books", kind: "customerpayments", record: one, title: `Payment ${one.payment_number}`,
      boxes: [], facts: [["amount", one.amount], ["date", one.date]],
    })),
  ];
}

function actsOf(invoice) {
  if (invoice.status === "draft") return [["send", "Send"], ["void", "Void"]];
  if (invoice.status === "void" || !Number(invoice.balance)) return [];
  return [["pay", "Pay", { amount: Number(invoice.balance) }], ["void", "Void"]];
}

function drawSide(system, title, cards) {
  const side = byId(system);
  if (!side.firstChild) side.append(sideTop(system, title), make("div", "cards scroll"));
  const left = faults.filter((one) => one.system === system && one.fault === "answer_lost");
  side.querySelector("[data-lose]").setAttribute("aria-pressed", left.length === WRITES.length);
  if (armed.has(system) && left.length < WRITES.length) {
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

function sideTop(system, title) {
  const top = make("div", "top");
  const lose = button("Lose the next answer", "risky", () => act(async () => {
    for (const method of WRITES) await post("faults", { system, fault: "answer_lost", method, count: 1 });
    armed.add(system);
  }));
  lose.dataset.lose = "";
  lose.title = "What is written next is done, and its answer never arrives";
  top.append(make("h2", "", title), make("span", "spring"), lose);
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
    label.className = isFresh(`${name}.${path}`, said);
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
  const id = one.kind === "contacts" ? one.record.contact_id : one.id;
  const isAmount = path === "Amount";
  const value = input.value === "" ? (one.system === "crm" ? null : "") : isAmount ? Number(input.value) : input.value;
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
