// Making elements; whatever a record says is set as text, never as markup.

export const byId = (id) => document.getElementById(id);

export function make(name, className = "", text = null) {
  const one = document.createElement(name);
  if (className) one.className = className;
  if (text !== null) one.textContent = text;
  return one;
}

export function button(says, className, does) {
  const one = make("button", className, says);
  one.type = "button";
  one.onclick = does;
  return one;
}

export function labelled(text, one) {
  const around = make("label", "", text);
  around.append(one);
  return around;
}

export function table(heads, rows) {
  const one = make("table");
  const head = one.createTHead().insertRow();
  // A head stands over its column as the cells below it do.
  const cells = rows[0] ? [...rows[0].cells] : [];
  head.append(...heads.map((text, at) => make("th", cells[at]?.classList.contains("number") ? "number" : "", text)));
  one.createTBody().append(...rows);
  return one;
}

export function plain(text, className = "") {
  const td = make("td", className, String(text).slice(0, 300));
  td.title = String(text).slice(0, 1000);
  return td;
}

export function pillCell(text, bad) {
  const td = make("td");
  td.append(make("span", bad ? "pill bad" : "pill", text));
  return td;
}

export const statusCell = (status) => pillCell(status || "dropped", !status || status >= 400);

export function sheetTop(title, about) {
  const top = make("div", "top");
  top.append(make("h2", "", title), make("span", "spring"), make("code", "", about));
  return top;
}

export function openSheet(form) {
  byId("sheet").replaceChildren(form);
  byId("sheet").showModal();
}

export function close() { byId("sheet").close(); }

export function toast(text) {
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { byId("toast").hidden = true; }, 6000);
}
