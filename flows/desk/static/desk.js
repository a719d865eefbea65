// The desk works without this; here are the keys, the pictures of pages, and the theme.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const token = document.body.dataset.token || "";
  const say = (text) => { const node = $("say"); if (node) node.textContent = text; };

  // htmx: every change carries the session's token.
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Token"] = token; });
  // What was put down is seen by the other forms of this page too, also by what waits to be sent.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const seen = event.detail.xhr.getResponseHeader("X-Seen");
    if (seen) document.querySelectorAll("input[name='seen']").forEach((node) => { node.value = seen; });
  });
  document.addEventListener("htmx:load", (event) => {
    const card = event.detail.elt && event.detail.elt.closest && event.detail.elt.closest(".card");
    if (!card || event.detail.elt === document.body) return;
    // Who has gone on to another finding meanwhile stays there: the next key must not meet this one.
    const here = document.activeElement;
    if (!here || here === document.body || card.contains(here)) choose(card, true);
    const wrong = card.querySelector(".wrong"), wanted = card.querySelector("form[data-wanted] [name='reason']");
    if (wanted) wanted.focus();
    say(wrong ? wrong.textContent : "已记下");
  });
  document.addEventListener("htmx:responseError", (event) => {
    const form = event.detail.elt, answer = event.detail.xhr, how = event.detail.requestConfig;
    if (answer.status === 401 && form.tagName === "FORM" && form.method === "post") {
      // Nobody is signed in any more: the whole form goes, so that what was typed comes along.
      for (const [name, value] of how.formData.entries()) {
        if (form.querySelector(`input[name="${name}"], select[name="${name}"], textarea[name="${name}"]`)) continue;
        const field = document.createElement("input");
        field.type = "hidden"; field.name = name; field.value = value; form.append(field);
      }
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    const kind = answer.getResponseHeader("Content-Type") || "";
    const text = kind.startsWith("text/plain") ? answer.responseText : "没有做成，请刷新后再试";
    if (form.tagName !== "FORM") { say(text); return; }
    const old = form.querySelector(".wrong");
    const node = old || document.createElement("p");
    node.className = "wrong"; node.setAttribute("role", "alert"); node.textContent = text;
    if (!old) form.append(node);
  });

  document.addEventListener("htmx:sendError", () => { alert("连不上工作台，没有记下；所填的内容还在，请稍后再试"); });

  // Theme: kept in this browser alone.
  const theme = $("theme");
  const root = document.documentElement;
  const set = (dark) => { if (dark) root.dataset.theme = "dark"; else delete root.dataset.theme; if (theme) theme.textContent = dark ? "浅色" : "深色"; };
  let kept = null;
  try { kept = localStorage.getItem("shenbao-theme"); } catch (_) { kept = null; }
  set(kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  if (theme) theme.addEventListener("click", () => { const dark = root.dataset.theme !== "dark"; set(dark); try { localStorage.setItem("shenbao-theme", dark ? "dark" : "light"); } catch (_) { /* not kept */ } });

  // Findings: chosen by click or key; the document shows the place.
  const cards = () => [...document.querySelectorAll(".card")];
  let chosen = null;
  const picture = $("as-picture");
  // An answer brings a card anew: the one that was chosen is then the new one, also before htmx has told of it.
  const current = () => (chosen && !chosen.isConnected ? $(chosen.id) : chosen);
  function choose(card, move) {
    if (chosen) chosen.classList.remove("chosen");
    document.querySelectorAll("#read .chosen").forEach((node) => node.classList.remove("chosen"));
    chosen = card;
    if (!card) return;
    card.classList.add("chosen");
    if (move) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest" }); }
    const place = card.dataset.anchor && $(card.dataset.anchor);
    if (place) { place.classList.add("chosen"); scrollTo(place); }
    if (picture && picture.getAttribute("aria-pressed") === "true") show(null, card.dataset.finding);
  }
  function scrollTo(place) {
    const holder = place.closest(".paper");
    if (!holder || !place.offsetParent) return;
    const top = place.getBoundingClientRect().top - holder.getBoundingClientRect().top + holder.scrollTop;
    holder.scrollTo({ top: Math.max(0, top - holder.clientHeight / 3) });
  }
  document.addEventListener("click", (event) => {
    const tag = event.target.closest && event.target.closest("a.tag");
    if (tag) { event.preventDefault(); choose($(tag.getAttribute("href").slice(1)), true); return; }
    const goto_ = event.target.closest && event.target.closest("a.goto");
    const card = event.target.closest && event.target.closest(".card");
    if (goto_) event.preventDefault();
    if (card && !event.target.closest("form")) choose(card, false);
  });
  // In a field: Enter does what the key before asked for, Escape leaves it. Ctrl+Enter sends a form of several lines.
  document.addEventListener("keydown", (event) => {
    const field = event.target, form = field.form;
    if (!form || !/^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName)) return;
    if (event.key === "Escape") {
      const card = field.closest(".card, details");
      field.blur();
      if (card) (card.matches("details") ? card.querySelector("summary") : card).focus();
    } else if (event.key === "Enter" && !event.isComposing && field.name === "reason" && form.dataset.wanted) {
      const button = form.querySelector(`[data-key="${form.dataset.wanted}"]`);
      if (button && field.value.trim()) { event.preventDefault(); button.click(); }
    } else if (event.key === "Enter" && event.ctrlKey && field.tagName === "TEXTAREA") {
      form.requestSubmit();
    }
  });
  // What wants words asks for them first.
  function press(button) {
    const form = button.form, field = form && form.elements.reason;
    if (field && !field.value.trim() && (/^[xn]$/.test(button.dataset.key) || button.closest(".card.open"))) {
      form.dataset.wanted = button.dataset.key;
      field.focus();
      say(`请写${button.dataset.key === "x" ? "撤销的理由" : button.closest(".card.open") ? "核对的结果" : "说明"}，按回车记下`);
    } else button.click();
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      const all = cards();
      if (all.length) choose(all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + step))], true);
      event.preventDefault();
    } else if (event.key === "[" || event.key === "]") {
      const link = $(event.key === "[" ? "before" : "after");
      if (link) link.click();
    } else if (event.key === "p" && picture) {
      picture.click();
    } else if (event.key === "a" || event.key === "e") {
      const box = $(event.key === "a" ? "add" : "correct");
      if (!box) return;
      box.open = true;
      box.querySelector(event.key === "a" ? "textarea" : "select").focus();
      event.preventDefault();
    } else if (chosen) {
      const button = chosen.isConnected && chosen.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (button) { press(button); event.preventDefault(); }
    }
  });

  // Ticking all that are shown.
  const boxes = (all) => [...all.closest("table").querySelectorAll("tbody input[type='checkbox']")];
  const offer = () => document.querySelectorAll("input.all").forEach((all) => { all.hidden = !boxes(all).length; });
  document.addEventListener("change", (event) => {
    if (event.target.matches && event.target.matches("input.all")) boxes(event.target).forEach((box) => { box.checked = event.target.checked; });
  });
  document.addEventListener("htmx:load", offer);
  offer();

  // The list of recommendation: a row moves by a button, and all places are numbered anew.
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button.move");
    if (!button) return;
    const row = button.closest("tr");
    const other = button.dataset.by === "1" ? row.nextElementSibling : row.previousElementSibling;
    if (!other) return;
    if (button.dataset.by === "1") other.after(row); else other.before(row);
    [...row.parentElement.querySelectorAll("input.at")].forEach((node, n) => { node.value = n + 1; });
    button.focus();
    say(`第${row.querySelector("input.at").value}位`);
  });

  // The picture of a page, the place framed on it.
  let at = 1, pages = 1, asked = 0;
  function show(number, finding) {
    const mine = ++asked;
    const query = new URLSearchParams();
    if (number) query.set("n", number);
    if (finding) query.set("finding", finding);
    const address = `${picture.dataset.src}?${query}`;
    const waits = (text) => { if (mine === asked) { $("page-number").textContent = text; $("page-drawing").hidden = !text.startsWith("正在"); } };
    waits("正在画……");
    // LibreOffice takes seconds over a file that was not drawn before.
    const slow = setTimeout(() => waits(picture.dataset.converted ? "正在把文件转成页面，第一次约需十几秒，请稍候……" : "正在画，请稍候……"), 1500);
    fetch(`${address}&facts=true`, { headers: { Accept: "application/json" } }).then(async (answer) => {
      const told = await answer.json();
      if (mine !== asked) return;
      waits("");
      if (!answer.ok) { $("page-number").textContent = told.message; $("page-image").parentElement.hidden = true; return; }
      at = told.number; pages = told.pages;
      $("page-number").textContent = `第${at}页，共${pages}页`;
      $("page-image").src = address;
      $("page-image").parentElement.hidden = false;
      $("page-image").alt = `第${at}页的图片`;
      draw(told.frames);
    }).catch(() => waits("画不出这一页")).finally(() => clearTimeout(slow));
  }
  function draw(frames) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 1 1"); svg.setAttribute("preserveAspectRatio", "none"); svg.setAttribute("aria-hidden", "true");
    for (const [x0, y0, x1, y1] of frames) {
      const rect = document.createElementNS(space, "rect");
      const edge = 0.004;
      for (const [name, value] of [["x", x0 - edge], ["y", y0 - edge], ["width", x1 - x0 + 2 * edge], ["height", y1 - y0 + 2 * edge]]) rect.setAttribute(name, value);
      svg.append(rect);
    }
    $("frames").replaceChildren(svg);
    if (frames.length) $("page-image").addEventListener("load", () => { const rect = svg.querySelector("rect"); if (rect) scrollTo(rect.parentElement.parentElement); }, { once: true });
  }
  if (picture) {
    const look = (drawn) => {
      picture.setAttribute("aria-pressed", String(drawn)); $("as-read").setAttribute("aria-pressed", String(!drawn));
      $("read").hidden = drawn; $("picture").hidden = !drawn;
      if (drawn) show(null, chosen && chosen.dataset.finding);
    };
    picture.addEventListener("click", () => look(picture.getAttribute("aria-pressed") !== "true"));
    $("as-read").addEventListener("click", () => look(false));
    $("page-before").addEventListener("click", () => { if (at > 1) show(at - 1); });
    $("page-after").addEventListener("click", () => { if (at < pages) show(at + 1); });
  }
  // Where something was put down, and the page came anew: there one goes on.
  const back = location.hash && $(decodeURIComponent(location.hash.slice(1)));
  if (back && back.matches(".card")) choose(back, true);
  say("");
})();
