// Draws the pictures and serves the switches. Texts of the case only ever become text nodes.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const get = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const KINDS = ["raw", "product", "byproduct", "waste", "utility", "emission", "environment", "mixed"];
  const BOX = 12;
  const state = { scenario: null, layer: null, view: null };

  const make = (name, attributes = {}, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const plain = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };

  // ---- what is told of a band or a box
  const bandWords = (picture, band) => {
    const [from, to, , , loop, kind, what, , text, amount, sure] = band;
    const more = [words["class_" + kind]];
    if (amount && amount !== text) more.push(amount);
    if (loop) more.push("↺ " + words.loop);
    if (!sure) more.push("~ " + words.not_unique);
    return { head: text, body: what + ": " + picture.boxes[from][5] + " → " + picture.boxes[to][5], more: more.join(" · ") };
  };
  const boxWords = (box) => {
    const more = [];
    if (box[7]) more.push(words.gets + " " + box[7]);
    if (box[8]) more.push(words.gives + " " + box[8]);
    return { head: more.join(" · "), body: box[5], more: box[6] };
  };
  const asText = (told) => [told.body, told.head, told.more].filter(Boolean).join(" · ");

  const tip = get("tip");
  const showTip = (told, x, y) => {
    tip.replaceChildren(plain("b", told.head), plain("br"), document.createTextNode(told.body), plain("br"), plain("small", told.more));
    tip.hidden = false;
    const wide = tip.offsetWidth, high = tip.offsetHeight;
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - wide - 8)) + "px";
    tip.style.top = (y + 18 + high > innerHeight ? Math.max(8, y - high - 12) : y + 18) + "px";
  };
  const hideTip = () => { tip.hidden = true; };

  // ---- the picture
  const svg = get("flows");
  let marks = [];
  let current = -1;

  const light = (mark) => {
    for (const other of marks) other.group.classList.remove("lit");
    svg.classList.toggle("quiet", Boolean(mark));
    if (!mark) { get("told").textContent = ""; return; }
    for (const other of [mark, ...mark.near()]) other.group.classList.add("lit");
    get("told").textContent = asText(mark.told);
  };
  const choose = (number) => {
    if (!marks.length) return;
    current = (number + marks.length) % marks.length;
    const mark = marks[current];
    light(mark);
    svg.setAttribute("aria-activedescendant", mark.group.id);
    const place = mark.group.getBoundingClientRect();
    mark.group.scrollIntoView({ block: "nearest", inline: "nearest" });
    showTip(mark.told, place.left + place.width / 2, place.top + place.height / 2);
  };
  const watch = (mark) => {
    marks.push(mark);
    mark.group.id = "mark-" + marks.length;
    mark.group.setAttribute("role", "img");
    mark.group.setAttribute("aria-label", asText(mark.told));
    mark.group.addEventListener("pointerenter", (event) => { light(mark); showTip(mark.told, event.clientX, event.clientY); });
    mark.group.addEventListener("pointermove", (event) => showTip(mark.told, event.clientX, event.clientY));
    mark.group.addEventListener("pointerleave", () => { light(null); hideTip(); });
    return mark;
  };

  const fit = (text, label, room) => {
    if (text.getComputedTextLength() <= room) return;
    let low = 1, high = label.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      text.textContent = label.slice(0, middle).trimEnd() + "…";
      if (text.getComputedTextLength() <= room) low = middle; else high = middle - 1;
    }
    text.textContent = label.slice(0, low).trimEnd() + "…";
  };

  const drawBand = (picture, band, number) => {
    const [from, to, path, width, loop, kind, what, value] = band;
    const group = make("g", { "data-band": number, "data-value": value });
    const colour = "var(--" + kind + ")";
    if (loop) {
      group.append(make("path", { class: "loop", d: path, "stroke-width": width, style: "stroke:" + colour }));
      group.append(make("path", { class: "dash", d: path, style: "stroke:" + colour }));
      const box = picture.boxes[to];
      const end = /H(-?[\d.]+)$/.exec(path);
      if (end && box) {
        const x = Number(end[1]), y = picture.ends[number];
        const half = Math.max(width / 2, 4) + 2;
        group.append(make("path", { class: "tip", d: `M${x} ${y}l-9 ${-half}v${2 * half}z`, style: "fill:" + colour }));
      }
    } else {
      const style = (value < 0 ? "fill:url(#hatch)" : "fill:" + colour) + ";--edge:" + colour;
      group.append(make("path", { class: "band " + kind, d: path, style }));
    }
    return watch({ group, told: bandWords(picture, band), near: () => marks.filter((m) => m.box === from || m.box === to) });
  };

  const draw = () => {
    const pictures = data.pictures[state.scenario];
    get("picture").hidden = !pictures;
    if (!pictures) return;
    const picture = (pictures.drawings[state.view] || {})[state.layer];
    const layer = pictures.layers.find((it) => it.key === state.layer);
    get("layernote").textContent = layer ? layer.name + " (" + layer.unit + "): " + layer.note : "";
    svg.replaceChildren();
    marks = []; current = -1;
    hideTip(); light(null);
    get("rest").textContent = picture ? picture.rest : words.nothing_drawn;
    get("legend").replaceChildren();
    table(picture, layer);
    if (!picture) { svg.setAttribute("viewBox", "0 0 10 1"); return; }
    picture.ends = picture.bands.map((band) => band[4] ? endHeight(band[2]) : 0);
    svg.setAttribute("viewBox", `0 0 ${picture.width} ${picture.height}`);
    svg.style.minWidth = Math.round(Math.min(picture.width, 760)) + "px";
    svg.style.maxWidth = Math.round(picture.width * 1.25) + "px";
    svg.setAttribute("aria-label", layer.name);
    const defs = make("defs");
    const hatch = make("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    hatch.append(make("rect", { width: 3.5, height: 7, style: "fill:var(--waste)" }));
    defs.append(hatch);
    svg.append(defs);
    const bands = picture.bands.map((band, number) => drawBand(picture, band, number));
    picture.bands.forEach((band, number) => { if (!band[4]) svg.append(bands[number].group); });
    picture.bands.forEach((band, number) => { if (band[4]) svg.append(bands[number].group); });
    const labels = [];
    picture.boxes.forEach((box, number) => {
      const [x, y, height, room, kind, label] = box;
      const group = make("g", { "data-box": number });
      group.append(make("rect", { class: "box " + kind, x, y, width: BOX, height: Math.max(height, 1.5), rx: kind === "pool" ? 4 : 1 }));
      const near = () => bands.filter((_, row) => picture.bands[row][0] === number || picture.bands[row][1] === number);
      watch({ group, told: boxWords(box), near, box: number });
      svg.append(group);
      const text = make("text", { x, y: y - 5, class: kind }, label);
      labels.push([text, label, room]);
    });
    for (const [text] of labels) svg.append(text);
    for (const [text, label, room] of labels) fit(text, label, room);
    inner(picture);
    const used = new Set(picture.bands.map((band) => band[5]));
    for (const kind of KINDS) {
      if (!used.has(kind)) continue;
      const entry = plain("li");
      const patch = make("svg", { viewBox: "0 0 40 13", "aria-hidden": "true" });
      patch.append(make("path", { class: kind, d: "M1 1h38v11h-38z", style: `fill:var(--${kind});stroke:var(--${kind})` }));
      entry.append(patch, words["class_" + kind]);
      get("legend").append(entry);
    }
  };

  // the height at which a loop arrives: that of its last straight piece
  const endHeight = (path) => {
    let y = 0;
    for (const [, command, rest] of path.matchAll(/([MVHhq])([^MVHhq]*)/g)) {
      const figures = rest.trim().split(/[ ,]+/).map(Number);
      if (command === "M") y = figures[1];
      else if (command === "V") y = figures[0];
      else if (command === "q") y += figures[3];
    }
    return y;
  };

  // names of materials on bands that are thick enough
  const inner = (picture) => {
    for (const band of picture.bands) {
      if (band[4] || band[3] < 15) continue;
      const start = /^M([\d.]+) (-?[\d.]+)/.exec(band[2]);
      const label = picture.boxes[band[0]][5].startsWith(band[6]) ? "" : band[6];
      if (!label) continue;
      const text = make("text", { x: Number(start[1]) + 6, y: Number(start[2]) + band[3] / 2 + 4, class: "inner" }, label);
      svg.append(text);
      fit(text, label, 118);
    }
  };

  const table = (picture, layer) => {
    const head = get("picturetable").querySelector("thead"), body = get("picturetable").querySelector("tbody");
    head.replaceChildren(); body.replaceChildren();
    if (!picture) return;
    const row = plain("tr");
    for (const [word, kind] of [[words.what], [words.from], [words.to], [words.value + " (" + layer.unit + ")", "n"], [words.value, "n"], [words.amount, "n"]]) {
      const cell = plain("th", word, kind);
      cell.scope = "col";
      row.append(cell);
    }
    head.append(row);
    for (const band of picture.bands) {
      const line = plain("tr");
      const mark = (band[10] ? "" : "~ ") + band[6] + (band[4] ? " ↺" : "");
      const value = plain("td", band[7].toLocaleString("en", { maximumSignificantDigits: 6 }), "n");
      value.dataset.v = band[7];
      line.append(plain("td", mark), plain("td", picture.boxes[band[0]][5]), plain("td", picture.boxes[band[1]][5]), value, plain("td", band[8], "n"), plain("td", band[9], "n"));
      body.append(line);
    }
  };

  svg.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) { choose(current < 0 ? (step > 0 ? 0 : -1) : current + step); event.preventDefault(); }
    else if (event.key === "Home") { choose(0); event.preventDefault(); }
    else if (event.key === "End") { choose(-1); event.preventDefault(); }
    else if (event.key === "Escape") { light(null); hideTip(); }
  });
  svg.addEventListener("blur", () => { light(null); hideTip(); });
  svg.addEventListener("focus", () => { if (svg.matches(":focus-visible")) choose(current < 0 ? 0 : current); });

  // ---- switches
  const layerSwitch = () => {
    const box = get("layers");
    const pictures = data.pictures[state.scenario];
    box.replaceChildren();
    if (!pictures) return;
    const there = pictures.layers.filter((layer) => (pictures.drawings[state.view] || {})[layer.key]);
    if (!there.some((layer) => layer.key === state.layer)) state.layer = there.length ? there[0].key : null;
    for (const layer of there) {
      const label = plain("label"), input = plain("input");
      input.type = "radio"; input.name = "layer"; input.value = layer.key;
      input.checked = layer.key === state.layer;
      input.addEventListener("change", () => { state.layer = layer.key; draw(); });
      label.append(input, plain("span", layer.name));
      box.append(label);
    }
  };
  const viewSwitch = () => {
    const select = get("view");
    const pictures = data.pictures[state.scenario];
    select.replaceChildren();
    if (!pictures) return;
    if (!pictures.views.some((view) => view.key === state.view)) state.view = pictures.views.length ? pictures.views[0].key : null;
    for (const view of pictures.views) {
      const option = plain("option", view.name);
      option.value = view.key;
      option.selected = view.key === state.view;
      select.append(option);
    }
    get("viewlabel").hidden = pictures.views.length < 2;
  };
  const show = (scenario) => {
    state.scenario = scenario;
    for (const part of document.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== scenario;
    viewSwitch(); layerSwitch(); draw();
  };
  get("view").addEventListener("change", (event) => { state.view = event.target.value; layerSwitch(); draw(); });
  const scenarios = get("scenario");
  if (scenarios) scenarios.addEventListener("change", () => show(scenarios.value));
  const first = document.querySelector("[data-of]");
  show(scenarios ? scenarios.value : first.dataset.of);

  get("unfold").addEventListener("click", () => {
    const all = [...document.querySelectorAll("details")];
    const open = all.some((one) => !one.open);
    for (const one of all) one.open = open;
  });
  get("print").addEventListener("click", () => window.print());
  get("dark").addEventListener("click", () => {
    const root = document.documentElement;
    const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });
})();
