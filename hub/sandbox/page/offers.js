// What is offered at the top: how to connect, seeding, and beginning anew.

import { act, done, post } from "./ask.js";
import { button, close, make, openSheet, sheetTop } from "./draw.js";
import { input } from "./record.js";

export function tellHow() {
  const url = location.origin;
  const form = make("form");
  form.method = "dialog";
  const text = make("div", "scroll");
  text.append(make("pre", "fields", `address        ${url}
client_id      sandbox
client_secret  sandbox
refresh_token  sandbox-crm, sandbox-books, sandbox-desk or sandbox-salesforce
consent        ${url}/oauth/v2/auth

token=$(curl -s ${url}/oauth/v2/token -d grant_type=refresh_token \\
  -d client_id=sandbox -d client_secret=sandbox -d refresh_token=sandbox-crm |
  sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')

curl -H "Authorization: Zoho-oauthtoken $token" \\
  "${url}/crm/v8/Deals?fields=Deal_Name,Stage,Amount"

curl ${url}/_sandbox    # all that can be made to happen`));
  const foot = make("div", "foot");
  foot.append(make("span", "spring"), button("Close", "main", close));
  form.append(sheetTop("Connect", "point any client here"), text, foot);
  openSheet(form);
}

export function askSeed() {
  const form = make("form");
  form.method = "dialog";
  const fields = make("div", "fields");
  const customers = input("customers", 100);
  const number = input("seed", Math.ceil(Math.random() * 999));
  for (const one of [customers, number]) one.type = "number";
  fields.append(customers.parentElement, number.parentElement);
  const foot = make("div", "foot");
  foot.append(make("span", "spring"), button("Close", "", close), button("Seed", "main", () => {
    done(() => post("seed", { customers: Number(customers.value), seed: Number(number.value) }));
  }));
  form.append(sheetTop("Seed", "the same customers on all sides, in the mess of real data"), fields, foot);
  form.onsubmit = (event) => event.preventDefault();
  openSheet(form);
}

export function reset() {
  if (confirm("Forget every record, call, fault and token?")) act(() => post("reset", {}));
}
