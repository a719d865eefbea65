"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const what = data.what;
  const main = document.getElementById("main");
  const live = document.getElementById("live");
  const kind = document.documentElement.dataset.kind;
  const LEVELS = ["reject", "fix", "note"];
  const TONES = { "不符合条件": "reject", "需补正": "fix", "无法读取": "fix", "未读取": "quiet", "非申报表": "quiet", "未发现问题": "good", "已被取代": "quiet", "重复收到": "quiet" };
  const CHUNK = 150;

  // Everything from applicants goes onto the page as text, through here; no string is ever parsed as markup.
  function h(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (key === "class") node.className = value;
      else node.setAttribute(key, value === true ? "" : String(value));
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }
  function svg(tag, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  const badge = (text, tone) => h("span", { class: `badge ${tone || ""}` }, text);
  const status = (text) => badge(text, TONES[text]);
  const STANDINGS = { withdrawn: ["已撤销", "quiet"], upheld: ["已维持", "good"], reopened: ["须重新确认", "fix"] };
  // A finding that was withdrawn looks so wherever it stands: struck through, and said in words for those who do not see it.
  const standing = (f) => [stands(f) ? level(f.level) : null, STANDINGS[f.standing] ? badge(...STANDINGS[f.standing]) : null];
  const told = (f) => (stands(f) ? f.message : h("s", {}, f.message));
  const level = (key) => badge(data.levels[key], key);
  const number = (n) => String(n).padStart(3, "0");
  const itemLink = (item) => h("a", { href: `#item/${item.n}` }, item.name);
  const say = (text) => { live.textContent = text; };
  const stands = (f) => f.standing !== "withdrawn";

  // ---- filters kept in the address, so that a view can be linked to and "back" works
  function parse() {
    const [path, query] = location.hash.slice(1).split("?");
    const parts = path.split("/");
    return { view: parts[0] || "overview", arg: parts[1] || "", extra: parts[2] || "", query: new URLSearchParams(query || "") };
  }
  function link(view, query) {
    const text = new URLSearchParams(query).toString();
    return `#${view}${text ? `?${text}` : ""}`;
  }

  // ---- shared pieces
  function table(caption, heads, rows, classes) {
    return wrap(caption, h("table", { class: classes || "list" },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col", class: typeof head === "string" ? null : head[1] }, typeof head === "string" ? head : head[0])))),
      h("tbody", {}, rows)));
  }
  // What scrolls can be reached and scrolled by keyboard, and says what it is.
  const wrap = (caption, node) => h("div", { class: "wrap", tabindex: 0, role: "region", "aria-label": caption }, node);
  function chunked(body, list, row, label) {
    let shown = 0;
    const more = h("button", { type: "button", class: "more", on: { click: () => next() } });
    function next(all) {
      const end = all ? list.length : Math.min(list.length, shown + CHUNK);
      const part = document.createDocumentFragment();
      for (; shown < end; shown++) part.append(row(list[shown]));
      body.append(part);
      more.textContent = `再显示${Math.min(CHUNK, list.length - shown)}${label}（还有${list.length - shown}${label}）`;
      more.hidden = shown >= list.length;
    }
    next();
    pending = () => next(true);
    return more;
  }
  let pending = null;
  window.addEventListener("beforeprint", () => { if (pending) pending(); });

  function bars(rows) {
    const most = Math.max(1, ...rows.map((r) => r.parts.reduce((a, b) => a + b[1], 0)));
    return h("div", { class: "bars" }, rows.map((row) => {
      let at = 0;
      const total = row.parts.reduce((a, b) => a + b[1], 0);
      const picture = svg("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" });
      for (const [tone, count] of row.parts) {
        picture.append(svg("rect", { x: (at / most) * 100, y: 1, width: (count / most) * 100, height: 12, class: `fill-${tone}` }));
        at += count;
      }
      return [row.href ? h("a", { href: row.href, title: row.label }, row.label) : h("span", { title: row.label }, row.label), picture, h("span", { class: "n" }, String(total))];
    }));
  }
  const legend = (entries) => h("p", { class: "legend" }, entries.map(([tone, text]) => h("span", {}, h("i", { class: `i-${tone}` }), text)));
  const shade = (n, most) => (n ? `h${Math.max(1, Math.min(4, Math.ceil((n / Math.max(4, most)) * 4)))}` : "h0");
  const LEVEL_LEGEND = LEVELS.map((k) => [k, data.levels[k]]);

  const barChart = (chart, first) => h("section", { class: "panel" }, h("h2", {}, chart.title), chart.series.length > 1 ? legend(chart.series.map((s) => [s.tone, s.name])) : null,
    bars(chart.names.map((name, at) => ({ label: name, href: first ? first(name) : null, parts: chart.series.map((s) => [s.tone, s.counts[at]]) }))), h("p", { class: "small" }, `数字为${chart.unit}数。`));

  function tiles(entries) {
    return h("ul", { class: "tiles" }, entries.map(([label, count, tone, href]) =>
      h("li", {}, h(href ? "a" : "div", { class: `tile ${tone || ""}`, href: href || null }, h("b", {}, String(count)), label))));
  }
  function byRule(findings) {
    const found = new Map();
    for (const f of findings) {
      if (!stands(f)) continue;
      if (!found.has(f.code)) found.set(f.code, { reject: 0, fix: 0, note: 0 });
      found.get(f.code)[f.level]++;
    }
    const sum = (c) => c.reject + c.fix + c.note;
    return [...found.entries()].sort((a, b) => sum(b[1]) - sum(a[1]) || (a[0] < b[0] ? -1 : 1));
  }

  // ---- views of a district
  const views = {};
  const items = new Map((data.items || []).map((i) => [i.n, i]));
  const titles = new Map((data.rules || []).map((r) => [r[0], r[1]]));
  const findings = data.findings || [];
  const unsureCount = data.unsure.reduce((sum, u) => sum + u[4], 0);
  const ofItem = new Map();
  for (const f of findings) {
    if (!ofItem.has(f.n)) ofItem.set(f.n, []);
    ofItem.get(f.n).push(f);
  }
  for (const list of ofItem.values()) list.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const applications = (data.items || []).filter((i) => !i.table);
  const haystack = new Map(findings.map((f) => [f, [f.code, titles.get(f.code), f.message, ...(f.more || []).flat(), f.name, f.place, f.where, items.get(f.n) && items.get(f.n).document].join("\n").toLowerCase()]));

  views.overview = () => {
    const count = (name) => applications.filter((i) => i.status === name).length;
    const open = findings.filter(stands);
    const shown = ["不符合条件", "需补正", "未发现问题", "无法读取", "未读取", "非申报表", "已被取代", "重复收到"].filter((s, n) => n < 3 || count(s));
    const about = new Set(data.district_findings);
    const recommended = findings.filter((f) => about.has(f.id));
    const rejected = applications.filter((i) => i.status === "不符合条件");
    return [
      h("h2", { class: "unseen" }, "总体情况"),
      tiles([
        ["收到文件", (data.items || []).length, "", "#items"],
        ...shown.map((s) => [s, count(s), TONES[s], link("items", { status: s, what: "applications" })]),
        ["须人工核对", unsureCount, "note", "#unsure"],
      ]),
      h("div", { class: "two" },
        h("section", { class: "panel" }, h("h2", {}, "要点"), data.overview.map((p) => h("p", {}, p)), totals()),
        h("section", { class: "panel" }, h("h2", {}, "问题按规则"), legend(LEVEL_LEGEND),
          open.length ? bars(byRule(findings).slice(0, 14).map(([code, c]) => ({ label: `${code} ${titles.get(code) || ""}`, href: link("findings", { rule: code, standing: "stands" }), parts: LEVELS.map((k) => [k, c[k]]) }))) : h("p", { class: "empty" }, "没有问题。"))),
      recommended.length ? [h("h2", {}, "推荐方面的问题"), h("div", { class: "panel" }, h("ul", {}, recommended.map((f) => h("li", {}, level(f.level), " ", f.message, items.has(f.n) ? [" ", h("a", { href: `#item/${f.n}/${f.id}` }, "查看")] : null))))] : null,
      rejected.length ? [h("h2", {}, "不符合条件、须先行核实的"), h("div", { class: "panel" }, h("ul", {}, rejected.map((i) => h("li", {}, itemLink(i), `（${i.form}）：`, (ofItem.get(i.n) || []).filter((f) => f.level === "reject" && stands(f)).map((f) => f.message).join("；")))))] : null,
      progress(),
      data.passed.length ? [h("h2", {}, "未纳入审查的文件"), table("未纳入审查的文件", ["文件", "原因"], data.passed.map((p) => h("tr", {}, h("td", {}, p[0]), h("td", {}, p[1]))))] : null,
    ];
  };
  function totals() {
    const heads = Object.keys(data.totals[0] || {});
    return table("申报书与推荐数", heads.map((t, n) => (n ? [t, "n"] : t)), data.totals.map((row) => h("tr", {}, heads.map((k, n) => (n ? h("td", { class: "n" }, row[k]) : h("th", { scope: "row" }, row[k]))))));
  }
  function progress() {
    const p = data.progress;
    if (!p) return null;
    const past = (list, title) => (list.length ? h("details", {}, h("summary", {}, `${title}（${list.length}）`), h("ul", {}, list.map((f) => h("li", {}, `${f[2]}：${f[3]}（${f[0]}）`)))) : null);
    return [h("h2", {}, "与上次相比"), h("div", { class: "panel" },
      h("p", {}, "新出现 ", h("a", { href: link("findings", { change: "new" }) }, `${p.new.length}处`), `，已改正 ${p.mended.length}处，仍未改正 ${p.still}处`, p.gone.length ? `，所在申报书不再收到 ${p.gone.length}处。` : "。"),
      past(p.mended, "已改正的"), past(p.gone, "所在申报书不再收到的"))];
  }

  views.items = ({ query }) => {
    const state = { status: query.get("status") || "", what: query.get("what") || "", form: query.get("form") || "", text: query.get("q") || "" };
    const sort = { key: "n", down: false };
    const body = h("tbody");
    const counter = h("span", { class: "count" });
    const more = h("div");
    const columns = [["序号", "n"], ["表式", "form"], ["申报单位", "name"], ["项目名称", "project"], ["状态", "status"], [data.levels.reject, 0], [data.levels.fix, 1], [data.levels.note, 2], ["不能判断", "unsure"], ...(what.instance ? [[what.instance, "instances"]] : [])];
    const value = (item, key) => (typeof key === "number" ? item.counts[key] : item[key]);
    const head = h("tr", {}, columns.map(([label, key]) => h("th", { scope: "col", "data-key": key }, h("button", { type: "button", on: { click: () => { sort.down = sort.key === key && !sort.down; sort.key = key; draw(); } } }, label))));
    function draw() {
      const word = state.text.toLowerCase();
      const list = (data.items || []).filter((i) => (!state.status || i.status === state.status) && (!state.what || i.table === (state.what === "tables")) && (!state.form || i.form === state.form) && (!word || `${i.name}\n${i.project}\n${i.document}`.toLowerCase().includes(word)));
      list.sort((a, b) => { const x = value(a, sort.key), y = value(b, sort.key); const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y), "zh-CN"); return (sort.down ? -order : order) || a.n - b.n; });
      for (const th of head.children) { if (th.dataset.key === String(sort.key)) th.setAttribute("aria-sort", sort.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort"); }
      body.replaceChildren();
      more.replaceChildren(chunked(body, list, (i) => h("tr", {}, h("td", {}, number(i.n)), h("td", {}, i.form), h("td", {}, itemLink(i)), h("td", {}, i.project, h("div", { class: "small" }, i.document)), h("td", {}, status(i.status), i.verdict ? h("div", { class: "small" }, `结论：${i.verdict}`) : null), i.counts.map((c) => h("td", { class: "n" }, c || "")), h("td", { class: "n" }, i.unsure || ""), what.instance ? h("td", { class: "n" }, i.instances || "") : null), "项"));
      counter.textContent = `${list.length}项`;
      say(`列出${list.length}项`);
    }
    const forms = [...new Set((data.items || []).map((i) => i.form))];
    const states = [...new Set((data.items || []).map((i) => i.status))];
    const parts = [h("h2", { class: "unseen" }, "申报项目"), h("div", { class: "filters" }, chooser("状态", "status", states.map((s) => [s, s]), state, draw), chooser("种类", "what", [["applications", "申报材料"], ["tables", "汇总表"]], state, draw), chooser("表式", "form", forms.map((f) => [f, f]), state, draw), searcher("单位、项目或文件", state, draw), counter),
      wrap("申报项目", h("table", { class: "list" }, h("caption", { class: "unseen" }, "申报项目"), h("thead", {}, head), body)), more];
    draw();
    return parts;
  };
  function chooser(label, key, options, state, draw) {
    const select = h("select", { name: key, on: { change: () => { state[key] = select.value; draw(); } } }, h("option", { value: "" }, "全部"), options.map(([v, text]) => h("option", { value: v }, text)));
    select.value = state[key];
    return h("label", {}, label, select);
  }
  function searcher(label, state, draw) {
    let wait = 0;
    const input = h("input", { type: "search", name: "q", value: state.text, on: { input: () => { clearTimeout(wait); wait = setTimeout(() => { state.text = input.value.trim(); draw(); }, 80); } } });
    return h("label", {}, label, input);
  }

  // What a message does not say itself: what stands in the document, what was expected, both texts of a copied passage.
  function besides(f) {
    const parts = (f.more || []).map(([label, text]) => h("div", { class: "quote" }, h("span", { class: "small" }, `${label}：`), text));
    return f.other ? [parts, h("div", { class: "small" }, h("a", { href: f.other }, "打开对方的申报书"))] : parts;
  }

  views.findings = ({ query }) => {
    const state = { level: query.get("level") || "", rule: query.get("rule") || "", item: query.get("item") || "", standing: query.get("standing") || "", change: query.get("change") || "", text: query.get("q") || "" };
    const fresh = new Set(data.progress ? data.progress.new : []);
    const body = h("tbody");
    const counter = h("span", { class: "count" });
    const more = h("div");
    function draw() {
      const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
      const list = findings.filter((f) => (!state.level || f.level === state.level) && (!state.rule || f.code === state.rule) && (!state.item || f.n === Number(state.item)) && (!state.standing || (f.standing || "open") === state.standing || (state.standing === "stands" && stands(f))) && (!state.change || fresh.has(f.id)) && words.every((w) => haystack.get(f).includes(w)));
      body.replaceChildren();
      more.replaceChildren(chunked(body, list, row, "处"));
      const gone = list.filter((f) => !stands(f)).length;
      counter.textContent = `${list.length}处问题${gone ? `，其中已撤销${gone}处` : ""}`;
      say(`列出${list.length}处问题`);
    }
    function row(f) {
      const item = items.get(f.n);
      return h("tr", { class: stands(f) ? null : "withdrawn" }, h("td", {}, standing(f), h("div", { class: "small" }, f.code)), h("td", {}, item ? itemLink(item) : f.name, item ? h("div", { class: "small" }, item.form) : null),
        h("td", {}, told(f), besides(f), f.remark ? h("div", { class: "small" }, `审查意见：${f.remark}`) : null),
        h("td", { class: "place" }, item ? h("a", { href: `#item/${f.n}/${f.id}` }, f.place || "查看") : f.place), h("td", {}, f.clause));
    }
    const codes = [...new Set(findings.map((f) => f.code))].sort();
    const named = [...ofItem.keys()].filter((n) => items.has(n)).sort((a, b) => a - b);
    const parts = [h("h2", { class: "unseen" }, "问题"), h("div", { class: "filters" },
      chooser("级别", "level", LEVELS.map((k) => [k, data.levels[k]]), state, draw),
      chooser("规则", "rule", codes.map((c) => [c, `${c} ${titles.get(c) || ""}`]), state, draw),
      chooser("申报单位", "item", named.map((n) => [n, `${number(n)} ${items.get(n).name}`]), state, draw),
      chooser("处理", "standing", [["stands", "未撤销"], ["open", "未处理"], ["upheld", "维持"], ["withdrawn", "撤销"], ["reopened", "须重新确认"]], state, draw),
      fresh.size ? chooser("变化", "change", [["new", "本次新出现"]], state, draw) : null,
      searcher("文字", state, draw), counter),
      wrap("问题", h("table", { class: "list" }, h("caption", { class: "unseen" }, "问题"), h("thead", {}, h("tr", {}, ["级别", "申报单位", "问题", "位置", "依据"].map((t) => h("th", { scope: "col" }, t)))), body)), more];
    draw();
    return parts;
  };

  views.unsure = () => [h("h2", {}, "须人工核对"), h("p", { class: "small" }, `下列${unsureCount}项程序不能判断，请对照原件核对。同一原因只列一行。`), (() => {
    const body = h("tbody");
    const more = chunked(body, data.unsure, (u) => h("tr", {}, h("td", {}, `${u[1]} ${u[2]}`.trim()), h("td", {}, u[3]), h("td", { class: "n" }, u[4]), h("td", {}, u[0].map((n, k) => [k ? "、" : "", items.has(n) ? itemLink(items.get(n)) : data.district]))), "行");
    return [wrap("须人工核对", h("table", { class: "list" }, h("caption", { class: "unseen" }, "须人工核对"), h("thead", {}, h("tr", {}, ["内容", "为何不能判断", "项数", "涉及的文件"].map((t) => h("th", { scope: "col" }, t)))), body)), more];
  })()];

  views.coverage = () => [...data.charts.filter((c) => c.series.length === 1).map((c) => barChart(c)), linkHeat(data.links, applications.filter((i) => data.matrix[i.n]).map((i) => [itemLink(i), data.matrix[i.n]]), "申报单位"), sceneHeat()];
  function linkHeat(links, rows, first) {
    const most = Math.max(1, ...rows.flatMap((r) => r[1]));
    const aspects = [];
    for (const [, aspect] of links) { const last = aspects[aspects.length - 1]; if (last && last[0] === aspect) last[1]++; else aspects.push([aspect, 1]); }
    const body = h("tbody");
    const more = chunked(body, rows, ([label, counts]) => h("tr", {}, h("th", { scope: "row" }, label), counts.map((c) => h("td", { class: shade(c, most) }, c ? String(c) : "·")), h("td", { class: "n" }, String(counts.filter(Boolean).length))), "行");
    if (!links.length) return null;
    return [h("h2", {}, `${what.upper} × ${first}`), h("p", { class: "small" }, `格中为${what.counted}数；末列为覆盖的${what.upper}数。`),
      wrap(`${what.upper}与${first}`, h("table", { class: "heat" }, h("caption", { class: "unseen" }, `${what.upper}与${first}`),
        h("thead", {}, h("tr", {}, h("td", {}), aspects.map(([a, n]) => h("th", { scope: "colgroup", colspan: n }, a)), h("td", {})), h("tr", {}, h("th", { scope: "col" }, first), links.map(([name]) => h("th", { scope: "col" }, name)), h("th", { scope: "col" }, `${what.upper}数`))), body)), more];
  }
  function sceneHeat() {
    if (!data.scenes.length) return null;
    const most = Math.max(1, ...data.scenes.map((s) => s[3]));
    const covered = data.scenes.filter((s) => s[3]).length;
    const groups = data.links.map(([name, aspect]) => [name, aspect, data.scenes.filter((s) => s[2] === name)]);
    return [h("h2", {}, `${what.lower}覆盖：${data.scenes.length}个${what.lower}中的${covered}个`),
      h("div", { class: "panel" }, groups.map(([name, , scenes]) => h("div", { class: "link-row" }, h("b", {}, name), h("ul", { class: "scenes" }, scenes.map((s) => h("li", {}, h("div", { class: `cell ${shade(s[3], most)}`, title: (s[4] || []).map((n) => (items.get(n) ? items.get(n).name : n)).join("、") }, h("span", {}, s[0] ? `${s[0]}.${s[1]}` : s[1]), h("b", {}, String(s[3]))))))))),
      data.others.length ? [h("h2", {}, `目录以外的${what.lower}`), h("div", { class: "panel" }, h("ul", {}, data.others.map(([name, n]) => h("li", {}, `${name}（${n}）`))))] : null];
  }

  views.rules = () => [h("h2", { class: "unseen" }, "规则"), table("规则", ["规则", "内容", "级别", "依据", ["应用", "n"], ["发现问题", "n"], ["未发现问题", "n"], ["不能判断", "n"], ["不适用", "n"]],
    data.rules.map((r) => h("tr", {}, h("td", {}, r[5] ? h("a", { href: link("findings", { rule: r[0] }) }, r[0]) : r[0]), h("td", {}, r[1]), h("td", {}, level(r[2])), h("td", {}, r[3]), r.slice(4).map((n) => h("td", { class: "n" }, n || "")))))];

  // ---- one application: the document as read, beside its findings
  const loading = new Map();
  window.shenbaoDetail = (key, detail) => { data.details[key] = detail; if (loading.has(key)) loading.get(key)(); };
  function detailOf(key) {
    if (data.details[key]) return Promise.resolve(data.details[key]);
    return new Promise((resolve, reject) => {
      loading.set(key, () => resolve(data.details[key]));
      const script = h("script", { src: `${data.beside}/${key}.js`, on: { error: () => reject(new Error(key)) } });
      document.head.append(script);
    });
  }
  views.item = ({ arg, extra }) => {
    const item = items.get(Number(arg));
    if (!item) return h("p", { class: "empty" }, "没有这个项目。");
    const own = ofItem.get(item.n) || [];
    const unsure = data.unsure.filter((u) => u[0].includes(item.n));
    const paper = h("section", { class: "paper", "aria-label": "读到的文件", tabindex: 0 }, h("p", { class: "empty" }, "正在打开文件……"));
    const cards = new Map(own.map((f) => [f.id, card(f)]));
    const prev = items.get(item.n - 1), next = items.get(item.n + 1);
    let marks = new Map();
    function choose(id, scroll) {
      for (const [key, node] of cards) node.classList.toggle("chosen", key === id);
      for (const node of paper.querySelectorAll(".chosen")) node.classList.remove("chosen");
      const places = marks.get(id) || [];
      for (const node of places) node.classList.add("chosen");
      if (scroll === "paper" && !places[0]) cards.get(id).scrollIntoView({ block: "nearest" });
      if (scroll === "paper" && places[0]) { places[0].scrollIntoView({ block: "center" }); places[0].focus({ preventScroll: true }); }
      if (scroll === "card") cards.get(id).scrollIntoView({ block: "nearest" });
      const f = own.find((one) => one.id === id);
      if (f && !places.length) say(f.where ? `文件中没有可以标出的位置：${f.where}` : "这个问题不在文件的某一处");
    }
    function card(f) {
      return h("article", { class: `finding ${f.level} ${stands(f) ? "" : "withdrawn"}`, "data-id": f.id },
        h("p", { class: "head" }, standing(f), h("b", {}, f.code), h("span", { class: "small" }, f.clause), f.where ? h("button", { type: "button", class: "goto", on: { click: () => choose(f.id, "paper") } }, f.place) : null),
        h("p", {}, told(f)), besides(f),
        f.remark ? h("p", { class: "small" }, `审查意见：${f.remark}`) : null);
    }
    detailOf(number(item.n)).then((detail) => {
      marks = drawPaper(paper, detail, own, (id) => choose(id, "card"));
      // What is about the file as a whole, or about a part that is missing, leads nowhere in it.
      for (const [id, node] of cards) {
        const button = node.querySelector(".goto");
        if (button && !marks.has(id)) button.replaceWith(h("span", { class: "small" }, button.textContent));
      }
      if (extra && cards.has(extra)) choose(extra, "paper");
    }).catch(() => paper.replaceChildren(h("p", { class: "empty" }, `文件内容没有载入：请把旁边的 ${data.beside} 文件夹与本页放在一起。`)));
    return [
      h("div", { class: "bar-nav" }, h("a", { href: "#items" }, "全部项目"), prev ? h("a", { href: `#item/${prev.n}`, rel: "prev" }, "上一项") : null, next ? h("a", { href: `#item/${next.n}`, rel: "next" }, "下一项") : null, h("span", { class: "small" }, `${number(item.n)} / ${items.size}`)),
      h("h2", {}, `${item.name}（${item.form}） `, status(item.status)),
      h("div", { class: "beside" },
        h("div", { class: "own", tabindex: 0, role: "region", "aria-label": "基本情况和问题" },
          h("section", { class: "panel", "aria-label": "基本情况" }, h("dl", { class: "facts" }, [["项目名称", item.project], ...item.main, ["文件", item.original ? h("a", { href: item.original, class: "original" }, item.document) : item.document], ["附件", item.annexes.join("、")]].filter((p) => p[1]).map((p) => [h("dt", {}, p[0]), h("dd", {}, p[1])]))),
          h("h3", {}, own.length ? `问题与提示（${own.filter(stands).length}）${own.every(stands) ? "" : `，已撤销（${own.filter((f) => !stands(f)).length}）`}` : "未发现问题"), own.map((f) => cards.get(f.id)),
          unsure.length ? [h("h3", {}, `不能判断（${item.unsure}）`), h("ul", {}, unsure.map((u) => h("li", {}, `${`${u[1]} ${u[2]}`.trim()}：${u[3]}`)))] : null),
        paper)];
  };

  const PLACE = /(?:第\d+页 )?(?:表（接[^）]*）|表\d+)(?: 行\d+(?: 列\d+)?)?(?: 表\d+(?: 行\d+ 列\d+)?)*|(?:第\d+页 )?(?:段落|文本框|页眉|页脚|脚注)\d+/g;
  function drawPaper(paper, detail, own, back) {
    const places = new Map();
    const put = (where, node) => { if (where && !places.has(where)) places.set(where, node); };
    const blocks = detail.blocks ? drawBlocks(detail.blocks, put) : fallback(detail, put);
    const aside = (detail.aside || []).map((b) => { const node = drawBlock(b, put); node.classList.add("aside"); return node; });
    paper.replaceChildren(...[h("h3", {}, "读到的文件"), blocks.length ? blocks : h("p", { class: "empty" }, "没有读出内容。"), aside.length ? [h("h3", {}, "页眉、页脚与脚注"), aside] : "",
      detail.read.length ? h("details", {}, h("summary", {}, `读出的各项（${detail.read.length}）`), table("读出的各项", ["项目", "读作", "位置", "把握", "存疑之处"], detail.read.map((r) => h("tr", {}, r.map((v, n) => h("td", n === 3 && v < 0.95 ? { class: "badge fix" } : {}, String(v))))))) : ""].flat(Infinity));
    for (const [label, value, where, sure, why] of detail.read) {
      const node = places.get(where);
      if (!node) continue;
      node.title = `${node.title ? `${node.title}；` : ""}${label}：${value}${why ? `（${why}）` : ""}`.slice(0, 400);
      if (sure < 0.95) node.classList.add("unsure");
    }
    const marks = new Map();
    for (const f of [...own].reverse()) {
      const nodes = f.where ? [...new Set(named(f.where).map((w) => places.get(w) || places.get(w.replace(/ 列\d+$/, "")) || places.get(w.replace(/ 行\d+( 列\d+)?$/, ""))).filter(Boolean))].map((node) => saidIn(node, f)) : [];
      for (const node of nodes) mark(node, f, back);
      if (nodes.length) marks.set(f.id, nodes);
    }
    return marks;

    // The paragraph that has the words, where a chapter is named by its first one.
    function saidIn(node, f) {
      const says = (n) => (f.marks || []).some((words) => words && n.textContent.replace(/\s/g, " ").includes(words));
      const at = blocks.indexOf(node);
      if (at < 0 || node.tagName !== "P" || says(node)) return node;
      return blocks.slice(at + 1).find((n) => n.tagName === "P" && n.className !== "page" && says(n)) || node;
    }
    // The places a text names: itself where it is one; otherwise each in it, with the file's name in front where there are several files.
    function named(where) {
      if (places.has(where)) return [where];
      const found = [...where.matchAll(PLACE)];
      const front = found.length ? where.slice(0, found[0].index) : "";
      return found.map(([w]) => (places.has(front + w) ? front + w : w));
    }
  }
  function mark(node, f, back) {
    // One that was withdrawn does not hide what stands in the same place.
    const tone = stands(f) ? f.level : [...LEVELS].find((k) => node.classList.contains(k)) || "withdrawn";
    for (const k of [...LEVELS, "withdrawn"]) node.classList.remove(k);
    node.classList.add("hit", tone);
    node.tabIndex = -1;
    if (!node.querySelector("mark")) (f.marks || []).some((words) => emphasise(node, words));
    const tag = h("button", { type: "button", class: "tag", title: f.message, "aria-label": `问题 ${f.code}：${f.message}`, on: { click: (event) => { event.stopPropagation(); back(f.id); } } }, f.code);
    const holder = { TABLE: () => node.createCaption(), TR: () => node.cells[0] || node.insertCell() }[node.tagName];
    (holder ? holder() : node).append(tag);
  }
  function emphasise(node, words) {
    for (const text of node.childNodes) {
      const at = text.nodeType === Node.TEXT_NODE ? text.data.replace(/\s/g, " ").indexOf(words) : -1;
      if (at < 0) continue;
      const rest = text.splitText(at);
      rest.splitText(words.length);
      rest.replaceWith(h("mark", {}, rest.data));
      return true;
    }
    return false;
  }
  // Files of an application and pages of a scan or PDF are told apart by headings, which places may name too.
  function drawBlocks(list, put) {
    const out = [];
    let file = "", page = "";
    for (const block of list) {
      const [, front, onPage] = /^(?:(.*?) )??(?:第(\d+)页 )?(?:段落|表|文本框|页眉|页脚|脚注)/.exec(block.w || "") || [];
      if (front && front !== file) { file = front; page = ""; out.push(h("h4", { class: "file" }, file)); }
      if (onPage && onPage !== page) {
        page = onPage;
        const node = h("p", { class: "page" }, `第${page}页`);
        put(`${file ? `${file} ` : ""}第${page}页`, node);
        out.push(node);
      }
      out.push(drawBlock(block, put));
    }
    return out;
  }
  function drawBlock(block, put) {
    if ("p" in block) {
      const node = h("p", {}, block.p);
      put(block.w, node);
      return node;
    }
    const node = h("table", {});
    put(block.w, node);
    const rows = new Map();
    for (const cell of block.c) {
      if (!rows.has(cell[0])) rows.set(cell[0], []);
      rows.get(cell[0]).push(cell);
    }
    for (const key of [...rows.keys()].sort((a, b) => a - b)) {
      const tr = h("tr", {});
      put(`${block.w} 行${key}`, tr);
      for (const cell of rows.get(key).sort((a, b) => a[1] - b[1])) {
        const td = h("td", { rowspan: cell[2] > 1 ? cell[2] : null, colspan: cell[3] > 1 ? cell[3] : null }, cell[4]);
        put(cell[6] || `${block.w} 行${cell[0]} 列${cell[1]}`, td);
        for (const inner of cell[5] || []) td.append(drawBlock(inner, put));
        tr.append(td);
      }
      node.append(tr);
    }
    return node;
  }
  function fallback(detail, put) {
    const fields = h("table", {}, detail.read.map((r) => { const td = h("td", {}, r[1]); put(r[2], td); return h("tr", {}, h("td", {}, r[0]), td); }));
    const tables = (detail.tables || []).map((t) => [h("h3", {}, t.title), h("table", {}, h("tr", {}, t.heads.map((x) => h("th", { scope: "col" }, x))), t.rows.map((row) => h("tr", {}, row.map(([text, where]) => { const td = h("td", {}, text); put(where, td); return td; }))))]);
    const sections = (detail.sections || []).map(([title, text, where]) => { const p = h("p", {}, text); put(where, p); return [h("h3", {}, title), p]; });
    return detail.read.length || tables.length || sections.length ? [fields, tables, sections] : [];
  }

  // Pages of other districts name a document by its path: its number is this page's own.
  views.doc = ({ arg }) => {
    const path = decodeURIComponent(arg);
    const item = (data.items || []).find((i) => i.document === path);
    if (item) { location.replace(`#item/${item.n}`); return []; }
    return h("p", { class: "empty" }, `没有这个文件：${path}`);
  };

  // ---- the round across districts
  views.round = () => [
    h("h2", { class: "unseen" }, "总体情况"), tiles(data.tiles),
    h("h2", {}, "各推荐单位"), table("各推荐单位", data.compare.heads.map((t, n) => (n ? [t, "n"] : t)), data.compare.rows.map((row) => h("tr", {}, row.map((v, n) => (n ? h("td", { class: "n" }, v.tone ? badge(v.text, v.tone) : String(v)) : h("th", { scope: "row" }, v.href ? h("a", { href: v.href }, v.text) : v.text)))))),
    data.missing.length ? h("p", { class: "small" }, `尚未收到材料的推荐单位${data.missing.length}个：${data.missing.join("、")}。`) : null,
    data.charts.length ? h("div", { class: "two" }, data.charts.map((c) => barChart(c, (name) => (data.offices[name] || null)))) : null,
    data.changes.length ? [h("h2", {}, "与上次相比"), table("与上次相比", ["推荐单位", ["新出现", "n"], ["已改正", "n"], ["仍未改正", "n"], ["不再收到", "n"]], data.changes.map((r) => h("tr", {}, r.map((v, n) => (n ? h("td", { class: "n" }, String(v)) : h("th", { scope: "row" }, v))))))] : null,
  ];
  views.copied = () => {
    if (!data.copied.length) return [h("h2", {}, "雷同文字"), h("p", { class: "empty" }, "没有发现申报书之间大段雷同的文字。")];
    const body = h("div");
    const side = (one) => h("div", {}, h("p", {}, h("a", { href: one.href }, one.name), `（${one.district}）`, h("span", { class: "small" }, ` ${one.place}`)), h("p", { class: "quote" }, one.parts.map(([text, same]) => (same ? text : h("em", {}, text)))));
    const more = chunked(body, data.copied, (pair) => h("section", { class: "panel copied" }, h("h3", {}, `约${pair.length}字高度雷同（相同率${pair.share}）`), h("div", { class: "two" }, pair.sides.map(side))), "处");
    return [h("h2", {}, `雷同文字（${data.copiedCount}处${data.copied.length < data.copiedCount ? `，此处列最长的${data.copied.length}处` : ""}）`), h("p", { class: "small" }, "供核对，不作为对申报单位不利的判断。下划线处为双方不同的文字；长段只列开头。"), body, more];
  };
  views.cover = () => [linkHeat(data.links, data.districtMatrix.map(([name, counts]) => [name, counts]), "推荐单位"), sceneHeat()];

  // ---- the frame
  const TABS = kind === "round" ? [["round", "概览"], ["copied", "雷同文字"], ...(data.scenes.length || data.links.length ? [["cover", "覆盖"]] : [])] : [["overview", "概览"], ["items", "申报项目"], ["findings", "问题"], ["unsure", "须人工核对"], ...(data.scenes.length || data.links.length ? [["coverage", `${what.lower || what.upper}覆盖`]] : []), ["rules", "规则"]];
  const home = TABS[0][0];
  document.getElementById("notice").textContent = data.notice;
  function draw() {
    pending = null;
    const at = parse();
    if (!(at.view in views) || (kind === "round" && !TABS.some((t) => t[0] === at.view))) at.view = home;
    const tab = at.view === "item" ? "items" : at.view;
    document.getElementById("tabs").replaceChildren(...TABS.map(([key, text]) => h("a", { href: `#${key}`, "aria-current": key === tab ? "page" : null }, text)));
    const parts = [views[at.view](at)].flat(Infinity).filter(Boolean);
    main.replaceChildren(...parts);
    if (at.view !== "item" || !at.extra) window.scrollTo(0, 0);
  }
  window.addEventListener("hashchange", () => { if (location.hash !== "#main") { draw(); main.focus({ preventScroll: true }); } });
  const theme = document.getElementById("theme");
  const wants = window.matchMedia("(prefers-color-scheme: dark)");
  function paint(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    theme.textContent = dark ? "浅色" : "深色";
    theme.setAttribute("aria-pressed", String(dark));
  }
  paint(wants.matches);
  wants.addEventListener("change", (event) => paint(event.matches));
  theme.addEventListener("click", () => paint(document.documentElement.dataset.theme !== "dark"));
  document.getElementById("print").addEventListener("click", () => window.print());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const at = parse();
    if (event.key === "/") { const box = main.querySelector('input[type="search"]'); if (box) { event.preventDefault(); box.focus(); } }
    if (at.view === "item" && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const to = Number(at.arg) + (event.key === "ArrowRight" ? 1 : -1);
      if (items.has(to)) location.hash = `#item/${to}`;
    }
  });
  draw();
})();
