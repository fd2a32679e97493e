"use strict";
(function () {
  var form = document.getElementById("site"), run = document.body.dataset.run, key = "zcf-site-" + run;
  var kept = {};
  try { kept = JSON.parse(localStorage.getItem(key) || "{}"); } catch (error) { kept = {}; }
  Array.prototype.forEach.call(form.elements, function (box) {
    if (!box.name || kept[box.name] === undefined) { return; }
    if (box.type === "radio") { box.checked = box.value === kept[box.name]; } else { box.value = kept[box.name]; }
  });
  function read() {
    var found = {};
    new FormData(form).forEach(function (value, name) { if (value) { found[name] = value; } });
    return found;
  }
  form.addEventListener("input", function () {
    try { localStorage.setItem(key, JSON.stringify(read())); } catch (error) { return; }
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = JSON.stringify({ format: "zcf-site/1", run: run, answers: read() }, null, 1);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "site.json";
    link.click();
  });
})();
