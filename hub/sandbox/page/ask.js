// Asking the sandbox, and doing something there.

import { close, toast } from "./draw.js";

let lookAgain = async () => {};

// What is to be done after everything that changed something.
export function afterwards(does) { lookAgain = does; }

export async function call(method, path, body) {
  const asked = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) asked.body = JSON.stringify(body);
  const answer = await fetch(`/_sandbox${path && "/"}${path}`, asked);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error || `status ${answer.status}`);
  return said;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);

export async function act(does) {
  try {
    await does();
    await lookAgain();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

export async function done(does) { if (await act(does)) close(); }
