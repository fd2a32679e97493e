"use strict";
(function () {
  var root = document.documentElement, lang = root.dataset.lang, token = root.dataset.token;
  var list = document.getElementById("items"), detail = document.getElementById("detail");
  var evidence = document.getElementById("evidence"), search = document.getElementById("search");
  var openOnly = document.getElementById("open-only"), count = document.getElementById("count");
  var buttons = Array.prototype.slice.call(list.querySelectorAll("button"));
  var texts = buttons.map(function (b) { return b.textContent.toLowerCase(); });
  function filter() {
    var wanted = search.value.toLowerCase(), shown = 0;
    buttons.forEach(function (b, i) {
      var hide = texts[i].indexOf(wanted) < 0 || (openOnly.checked && b.dataset.open === "no");
      b.parentElement.hidden = hide;
      if (!hide) { shown += 1; }
    });
    count.textContent = shown + " / " + buttons.length;
  }
  var asked = {};
  function fill(target, path, values, then) {
    var query = new URLSearchParams(values), mine = (asked[path] || 0) + 1;
    asked[path] = mine;
    query.set("lang", lang);
    fetch(path + "?" + query.toString())
      .then(function (r) { return r.ok ? r.text() : Promise.reject(new Error(r.status + " " + path)); })
      .then(function (html) {
        if (asked[path] !== mine) { return; }  // an answer to an earlier click
        target.innerHTML = html;
        if (then) { then(); }
      })
      .catch(function (error) { if (asked[path] === mine) { target.textContent = String(error); } });
  }
  function show(button) {
    buttons.forEach(function (b) { b.removeAttribute("aria-current"); });
    button.setAttribute("aria-current", "true");
    fill(detail, "/item", { key: button.dataset.key }, function () {
      ["who", "role", "organisation"].forEach(function (name) {
        var box = detail.querySelector("[name=" + name + "]");
        if (box) { box.value = sessionStorage.getItem(name) || ""; }
      });
      detail.focus();
      var first = detail.querySelector(".place");
      if (first) { look(first); } else { evidence.textContent = ""; }
    });
  }
  function look(button) {
    var values = {};
    ["file", "sheet", "cell", "line", "column", "page"].forEach(function (name) {
      if (button.dataset[name]) { values[name] = button.dataset[name]; }
    });
    fill(evidence, "/place", values, function () {
      var cell = evidence.querySelector("td.cell");
      if (cell) { cell.scrollIntoView({ block: "nearest", inline: "center" }); }
    });
  }
  function save(form) {
    var current = list.querySelector("[aria-current]"), button = form.querySelector(".save");
    button.disabled = true;  // a second click would record it twice
    var body = { rule: form.dataset.rule, subject: form.dataset.subject };
    new FormData(form).forEach(function (value, name) { body[name] = value; });
    ["who", "role", "organisation"].forEach(function (n) { sessionStorage.setItem(n, body[n]); });
    var told = form.querySelector(".problems");
    fetch("/judge?lang=" + lang, { method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json", "x-zcf-token": token } })
      .then(function (r) { return r.json(); })
      .then(function (answer) {
        if (answer.problems) { told.textContent = answer.problems.join(" "); button.disabled = false; return; }
        document.getElementById("head").textContent = answer.head;
        current.dataset.open = "no";
        var mark = current.querySelector(".done") || document.createElement("span");
        mark.className = "tag done " + body.decision;
        mark.textContent = form.querySelector("[name=decision]:checked").parentElement.textContent.trim();
        current.insertBefore(mark, current.querySelector(".what"));
        if (current.hasAttribute("aria-current")) { show(current); }
        filter();
      })
      .catch(function (error) { told.textContent = String(error); button.disabled = false; });
  }
  list.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button) { show(button); }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button.place");
    if (button) { look(button); }
  });
  document.addEventListener("submit", function (event) {
    event.preventDefault();
    save(event.target);
  });
  document.addEventListener("keydown", function (event) {
    if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { return; }
    if (event.key !== "j" && event.key !== "k") { return; }
    var shown = buttons.filter(function (b) { return !b.parentElement.hidden; });
    var at = shown.indexOf(list.querySelector("[aria-current]"));
    var next = shown[at + (event.key === "j" ? 1 : -1)];
    if (next) { next.scrollIntoView({ block: "nearest" }); show(next); }
  });
  search.addEventListener("input", filter);
  openOnly.addEventListener("change", filter);
  filter();
})();
