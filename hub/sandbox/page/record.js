// One record: its fields, its buttons, and all of it.

import { done, post } from "./ask.js";
import { button, close, labelled, make, openSheet, sheetTop } from "./draw.js";
import { actsOf, columnsOf, idOf, plainFields, value } from "./kinds.js";

export function openRecord(name, kind, record) {
  const id = idOf(kind, record);
  const form = make("form");
  form.method = "dialog";
  const title = value(record, (columnsOf(name, kind) || plainFields(record))[0] || "id") || id;
  const fields = make("div", "fields scroll");
  const inputs = plainFields(record).map((field) => input(field, record[field]));
  const more = make("details", "wide");
  more.append(make("summary", "", "Everything"), make("pre", "", JSON.stringify(record, null, 2)));
  fields.append(...inputs.map((one) => one.parentElement), more);
  const foot = make("div", "foot");
  for (const [act_, says, asks] of actsOf(name, kind)) {
    foot.append(button(says, act_ === "delete" || act_ === "void" ? "risky" : "", () => {
      const details = {};
      if (asks) {
        const given = prompt(`${says}: ${asks}?`, record.balance ?? "");
        if (given === null) return;
        details[asks] = Number(given);
      }
      done(() => post("act", { system: name, act: act_, kind, id, details }));
    }));
  }
  const save = button("Save", "main", () => {
    const changed = Object.fromEntries(inputs.filter(isChanged).map((one) => [one.name, typed(one)]));
    done(() => post("edit", { system: name, kind, id, fields: changed }));
  });
  save.disabled = true;
  fields.oninput = () => {
    inputs.forEach((one) => one.classList.toggle("changed", isChanged(one)));
    save.disabled = !inputs.some(isChanged);
  };
  foot.append(make("span", "spring"), button("Close", "", close), save);
  form.append(sheetTop(title, `${kind} ${id}`), fields, foot);
  form.onsubmit = (event) => { event.preventDefault(); if (!save.disabled) save.click(); };
  openSheet(form);
}

export function input(field, was) {
  const one = make("input");
  labelled(field.replaceAll("_", " "), one);
  one.name = field;
  one.value = was ?? "";
  one.dataset.was = was ?? "";
  one.dataset.type = typeof was;
  return one;
}

const isChanged = (one) => one.value !== one.dataset.was;

function typed(one) {
  if (one.value === "" && one.dataset.type !== "string") return null;
  if (one.dataset.type === "number" && Number.isFinite(Number(one.value))) return Number(one.value);
  if (one.dataset.type === "boolean") return one.value === "true";
  return one.value;
}
