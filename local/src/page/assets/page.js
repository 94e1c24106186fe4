// The local console. Everything that comes from a conversation is put in by textContent: none of it is markup.
"use strict";

const CLASSES = ["deal_analysis", "data_analysis", "lead_analysis", "general"];

// What a receiver can be told to do; the keys are shown, the values are sent.
const FAULTS = {
  "503, until switched off": { status: 503 },
  "503, twice": { status: 503, count: 2 },
  "500, three in ten": { status: 500, rate: 0.3 },
  "400: refuses for good": { status: 400 },
  "410: gone for good": { status: 410 },
  "429, Retry-After 5": { status: 429, retry_after: 5 },
  "200 after 3 s": { status: 200, delay_ms: 3000 },
  "hangs": { behaviour: "hang" },
  "resets the connection": { behaviour: "reset" },
};

// Parts of a fault that are not worth saying.
const USUAL = { rate: 1, delay_ms: 0 };

const LOOK_EVERY_MS = 1000;
const state = { chosen: null, seen: new Map(), shown: "", listed: "", queues: "", functions: "", faults: "" };
const the = (id) => document.getElementById(id);

/** An element with attributes and children; a string child is text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

async function call(path, options = {}) {
  const response = await fetch(path, { ...options, cache: "no-store" });
  const text = await response.text();
  let body = null;
  try { body = text ? JSON.parse(text) : null; } catch { body = { message: text.slice(0, 200) }; }
  return { ok: response.ok, status: response.status, body };
}

const words = (name) => String(name).replaceAll("_", " ");
const time = (at) => new Date(at).toLocaleTimeString([], { hour12: false });
const exact = (at) => `${time(at)}.${String(new Date(at).getMilliseconds()).padStart(3, "0")}`;

function span(ms) {
  const s = Math.max(0, ms) / 1000;
  if (s < 1) return `${Math.round(ms)} ms`;
  if (s < 60) return `${(Math.floor(s * 10) / 10).toFixed(1)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

const status = (word) => element("span", { class: `status ${word}` }, word);
const party = (name) => name && element("span", { class: "party", title: "whose fault it is" }, words(name));
const announce = (text) => { the("announcer").textContent = text; };

/** Replaces the content of `place` only if what it shows has changed: focus and selection stay. */
function changed(name, value) {
  const text = JSON.stringify(value);
  if (state[name] === text) return false;
  state[name] = text;
  return true;
}

function showConversations({ total, conversations }) {
  the("total").textContent = total > conversations.length ? `newest ${conversations.length} of ${total}` : String(total);
  the("empty").hidden = total > 0;
  if (!changed("listed", conversations)) return;
  const first = state.seen.size === 0;
  const had = document.activeElement?.dataset?.id;
  const items = conversations.map((one) => {
    const before = state.seen.get(one.tracking_id);
    if (!first && before !== one.status) announce(`${one.query ?? one.tracking_id}: ${one.status ?? one.problem}`);
    state.seen.set(one.tracking_id, one.status);
    return element("li", before === undefined && !first ? { class: "new" } : {}, listed(one));
  });
  the("conversations").replaceChildren(...items);
  if (had) the("conversations").querySelector(`[data-id="${CSS.escape(had)}"]`)?.focus();
}

function listed(one) {
  const about = one.problem ?? [one.header, one.failed_attempts ? `${one.failed_attempts} failed` : null,
    one.attribution ? words(one.attribution) : null].filter(Boolean).join(" · ");
  return element("button", { type: "button", "data-id": one.tracking_id, "aria-controls": "detail",
    "aria-current": String(one.tracking_id === state.chosen), on: { click: () => choose(one.tracking_id, true) } },
    element("span", { class: "question" }, one.query ?? one.tracking_id),
    status(one.status ?? "failed"), element("span", { class: "about" }, about),
    one.received_at ? element("time", { datetime: one.received_at }, time(one.received_at)) : "");
}

function choose(id, focus) {
  state.chosen = id;
  state.shown = "";
  for (const button of the("conversations").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.id === id));
  }
  if (location.hash !== `#${id}`) history.replaceState(null, "", `#${id}`);
  return showChosen().then(() => { if (focus) the("detail").focus({ preventScroll: true }); });
}

async function showChosen() {
  if (!state.chosen) return;
  const id = state.chosen;
  const { ok, body } = await call(`conversations/${encodeURIComponent(id)}`);
  if (id !== state.chosen) return;
  if (!ok) {
    the("detail-title").textContent = "There is no such conversation";
    the("detail-hint").textContent = body?.message ?? "";
    the("detail-hint").hidden = false;
    return the("detail-body").replaceChildren();
  }
  if (!changed("shown", body)) return countDown(body);
  const open = [...the("detail-body").querySelectorAll("details[open]")].map((one) => one.dataset.name);
  the("detail-title").textContent = body.query;
  the("detail-hint").hidden = true;
  the("detail-body").replaceChildren(...detail(body));
  for (const one of the("detail-body").querySelectorAll("details")) one.open = open.includes(one.dataset.name);
  countDown(body);
}

function detail(one) {
  const facts = [
    ["status", element("span", {}, status(one.status), " ", party(one.attribution) ?? "")],
    ["next", element("span", { id: "next" }, one.next.what)],
    ["to do", one.next.to_do && toDo(one.next)],
    ["tracking id", element("span", { class: "id" }, one.tracking_id)],
    ["from", `${one.source_system} / ${one.source_process}, caller ${one.caller}`],
    ["class", one.classification &&
      `${one.classification.header}, ${Math.round(one.classification.confidence * 100)} % sure: ${one.classification.reason}`],
  ].filter(([, value]) => value);
  const answer = one.envelope?.response_plain ?? one.envelope?.error?.message;
  return [
    element("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    element("h3", {}, "What happened"),
    element("ol", { class: "timeline" }, ...one.story.map((chapter) => told(chapter, one.received_at))),
    ...(answer ? [element("h3", {}, "Answer"), element("div", { class: "answer", tabindex: "0", role: "region", "aria-label": "Answer" }, answer)] : []),
    element("h3", {}, "Records"),
    record("Envelope", one.delivery?.delivery_id ?? "not there yet", one.envelope),
    record("Attempts", `${one.attempts.length} failed`, one.attempts),
    record("Tries of the agent", `${one.agent_attempts.length} failed`, one.agent_attempts),
    record("Outcomes", one.outcomes.map((outcome) => outcome.status).join(", ") || "none yet", one.outcomes),
    ...one.exports.map((made) => record(`Export ${made.name}`, made.key, made.body)),
  ];
}

/** An instruction; a command in it can be copied. */
function toDo({ to_do: text, command }) {
  if (!command) return text;
  const copy = element("button", { type: "button", "aria-label": `Copy ${command}`, on: { click: async () => {
    await navigator.clipboard.writeText(command.replace("gatewayctl", "cargo gatewayctl --local"));
    announce("copied");
  } } }, "Copy");
  return element("span", { class: "do" }, element("code", {}, text), copy);
}

function told(chapter, begun) {
  const kind = chapter.attribution ? "bad" : chapter.what.startsWith("delivered") ? "good" : "";
  const after = Date.parse(chapter.at) - Date.parse(begun);
  const why = [...(chapter.why ?? []), ...(chapter.again_at ? [`again at ${exact(chapter.again_at)}`] : [])];
  return element("li", { class: kind },
    element("time", { class: "when", datetime: chapter.at }, exact(chapter.at) + (after > 0 ? `  +${span(after)}` : "")),
    chapter.what, " ", party(chapter.attribution),
    ...why.map((line) => element("span", { class: "why" }, line)));
}

function record(name, about, value) {
  const text = value === null || value === undefined ? "not there" : JSON.stringify(value, null, 2);
  return element("details", { "data-name": name },
    element("summary", {}, name, element("span", { class: "mono" }, about)),
    element("pre", { tabindex: "0", role: "region", "aria-label": name }, text));
}

function countDown(one) {
  const place = the("next");
  if (!place || !one.next.at) return;
  const left = Date.parse(one.next.at) - Date.now();
  place.textContent = `${one.next.what} at ${time(one.next.at)}${left > 0 ? `, in ${span(left)}` : ""}`;
}

function showQueues(queues) {
  if (!changed("queues", queues)) return;
  const dead = new Set(queues.map((queue) => queue.dead_letter_queue).filter(Boolean));
  const rank = (queue) => (dead.has(queue.queue) ? 1 : 0);
  const rows = [...queues].sort((a, b) => rank(a) - rank(b)).map((queue) => {
    const cell = (value) => element("td", value ? {} : { class: "zero" }, String(value));
    const age = queue.oldest_seconds === null ? "–" : queue.oldest_seconds < 60 ? `${queue.oldest_seconds} s` : span(queue.oldest_seconds * 1000);
    return element("tr", dead.has(queue.queue) && queue.waiting ? { class: "alert" } : {},
      element("td", {}, queue.queue), cell(queue.waiting), cell(queue.in_flight + queue.delayed),
      element("td", queue.oldest_seconds === null ? { class: "zero" } : {}, age));
  });
  the("queues").tBodies[0].replaceChildren(...rows);
}

function showFunctions(processes) {
  if (!changed("functions", processes)) return;
  const names = [...new Set(processes.map((process) => process.function))].sort();
  const items = names.map((name) => {
    const own = processes.filter((process) => process.function === name);
    const busy = own.filter((process) => process.state !== "idle").length;
    return element("li", {}, element("b", {}, name), ` ${busy} busy, ${own.length - busy} idle`);
  });
  the("functions").replaceChildren(...(items.length ? items : [element("li", {}, "no function runs: they start on demand")]));
}

function buildFaults() {
  const items = CLASSES.map((name) => element("li", {},
    element("div", { class: "name" }, element("b", {}, name), element("span", { class: "now", id: `now-${name}` }, "answers 200")),
    element("div", { class: "switch" },
      element("select", { id: `fault-${name}`, "aria-label": `Fault for ${name}` },
        ...Object.keys(FAULTS).map((fault) => element("option", {}, fault))),
      element("button", { type: "button", id: `switch-${name}`, on: { click: () => switchFault(name) } }))));
  the("faults").replaceChildren(...items);
}

async function switchFault(name) {
  const button = the(`switch-${name}`);
  const turnOff = button.dataset.is === "on";
  const options = turnOff ? { method: "DELETE" }
    : { method: "PUT", body: JSON.stringify(FAULTS[the(`fault-${name}`).value]) };
  const { ok, body } = await call(`inbox/${name}`, options);
  the("fault-result").textContent = ok ? "" : body?.message ?? "the stack refused";
  await look();
}

/** What a press does is the button's text; for whoever only hears it, with the receiver's name. */
function label(button, name, isOn) {
  const does = isOn ? "Switch off" : "Switch on";
  button.dataset.is = isOn ? "on" : "off";
  button.textContent = does;
  button.setAttribute("aria-label", `${does} the fault of ${name}`);
}

function showFaults(faults) {
  if (!changed("faults", faults)) return;
  for (const name of CLASSES) {
    const fault = faults[name];
    const place = the(`now-${name}`);
    const told = Object.entries(fault ?? {}).filter(([key, value]) => value !== USUAL[key]);
    place.textContent = fault ? told.map(([key, value]) => `${words(key)} ${value}`).join(", ") : "answers 200";
    place.classList.toggle("faulty", Boolean(fault));
    label(the(`switch-${name}`), name, Boolean(fault));
  }
}

async function ask(event) {
  event.preventDefault();
  const form = the("ask");
  const route = the("route").value;
  const question = { query: the("question").value, source_system: the("source").value, source_process: "console",
    timestamp: new Date().toISOString(), ...(route ? { route } : {}) };
  form.querySelector("button").disabled = true;
  try {
    const { ok, status: code, body } = await call("webhook", { method: "POST", body: JSON.stringify(question),
      headers: { "content-type": "application/json", prefer: "respond-async" } });
    const errors = (body?.errors ?? []).map((error) => `${error.field}: ${error.message}`).join("; ");
    the("ask-result").textContent = ok ? "Accepted." : `${code}: ${errors || body?.detail || body?.message || "refused"}`;
    if (ok) { await choose(body.tracking_id, false); await look(); }
  } catch { the("ask-result").textContent = "The stack does not answer."; }
  form.querySelector("button").disabled = false;
}

let looking = null;

/** One look at everything; whoever asks while it goes on gets the next one. */
async function look() {
  if (looking) { await looking; }
  looking = lookOnce();
  await looking;
  looking = null;
}

async function lookOnce() {
  try {
    const answers = await Promise.all(["conversations", "queues", "functions", "faults"].map((path) => call(path)));
    const shows = [showConversations, showQueues, showFunctions, showFaults];
    answers.forEach(({ ok, body }, place) => { if (ok) shows[place](body); });
    await showChosen();
    connected(true);
  } catch { connected(false); }
}

function connected(is) {
  const place = the("connection");
  const text = is ? "live" : "the stack does not answer";
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("lost", !is);
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, LOOK_EVERY_MS);
}

buildFaults();
the("ask").addEventListener("submit", ask);
the("question").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) the("ask").requestSubmit();
});
the("conversations").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...the("conversations").querySelectorAll("button")];
  const next = buttons[buttons.indexOf(document.activeElement) + step];
  if (step && next) { event.preventDefault(); next.focus(); }
});
if (location.hash.length > 30) choose(location.hash.slice(1), false);
keepLooking();
