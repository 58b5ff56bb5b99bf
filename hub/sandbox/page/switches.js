// What can be switched: the faults and the quirks.

import { act, call, post } from "./ask.js";
import { button, byId, labelled, make, pillCell, plain, table } from "./draw.js";
import { TITLES } from "./kinds.js";
import { systems } from "./systems.js";

export function drawFaults(faults, faultNames) {
  const form = make("form", "faults");
  const pick = (name, says, options) => {
    const select_ = make("select");
    select_.name = name;
    select_.append(...options.map((one) => new Option(one || "any", one)));
    return labelled(says, select_);
  };
  const field = (name, says, type, was, hint) => {
    const one = make("input");
    Object.assign(one, { name, type, value: was, placeholder: hint || "", step: "any", min: 0 });
    return labelled(says, one);
  };
  form.append(
    pick("system", "system", [...systems, "accounts"]), pick("fault", "fault", faultNames),
    pick("method", "method", ["", "GET", "POST", "PUT", "PATCH", "DELETE"]),
    field("path", "part of the path", "text", "", "any"), field("rate", "rate", "number", 1),
    field("count", "count", "number", "", "always"), field("seconds", "seconds", "number", 5),
    button("Turn on", "main", () => form.requestSubmit()),
    button("All off", "", () => act(() => call("DELETE", "faults"))),
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    const fault = { system: given.system, fault: given.fault, method: given.method, path: given.path,
      rate: Number(given.rate || 1), seconds: Number(given.seconds || 5) };
    if (given.count) fault.count = Number(given.count);
    act(() => post("faults", fault));
  };
  const rows = faults.map((one) => {
    const row = make("tr");
    row.append(plain(one.system), pillCell(one.fault, true), plain(one.method || "any"),
      plain(one.path || "any", "code"), plain(one.rate, "number"), plain(one.count ?? "always", "number"),
      plain(one.seconds, "number"));
    return row;
  });
  const heads = ["system", "fault", "method", "path", "rate", "left", "seconds"];
  byId("view").replaceChildren(form, ...(rows.length ? [table(heads, rows)] : []));
}

export function drawQuirks(quirks, wanted) {
  const groups = Object.entries(quirks).map(([name, values]) => {
    const group = make("fieldset", "faults");
    group.append(make("legend", "", TITLES[name] || name));
    const fitting = Object.entries(values).filter(([quirk]) => `${name} ${quirk}`.includes(wanted));
    group.append(...fitting.map(([quirk, value_]) => quirkInput(name, quirk, value_)));
    return group;
  });
  byId("view").replaceChildren(...groups.filter((one) => one.childElementCount > 1));
}

function quirkInput(name, quirk, was) {
  const one = make("input");
  const isSwitch = typeof was === "boolean";
  one.type = isSwitch ? "checkbox" : "text";
  one.checked = was === true;
  one.value = was ?? "";
  one.placeholder = "as the vendor";
  one.onchange = () => {
    const given = Number(one.value);
    const isNumber = one.value.trim() !== "" && Number.isFinite(given) && typeof was !== "string";
    const typed_ = isNumber ? given : one.value === "" && typeof was !== "string" ? null : one.value;
    one.blur();
    act(() => post("quirks", { system: name, [quirk]: isSwitch ? one.checked : typed_ }));
  };
  const around = labelled(quirk.replaceAll("_", " "), one);
  around.classList.toggle("switch", isSwitch);
  return around;
}
