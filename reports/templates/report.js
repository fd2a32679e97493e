"use strict";
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  var picks = Array.prototype.slice.call(document.querySelectorAll("select[data-filter]"));
  function apply() {
    var wanted = {};
    picks.forEach(function (pick) {
      var scope = pick.dataset.scope;
      (wanted[scope] = wanted[scope] || {})[pick.dataset.filter] = pick.value;
    });
    Object.keys(wanted).forEach(function (scope) {
      document.querySelectorAll("[data-in='" + scope + "']").forEach(function (item) {
        item.hidden = !Object.keys(wanted[scope]).every(function (key) {
          return !wanted[scope][key] || item.dataset[key] === wanted[scope][key];
        });
      });
      count(scope);
    });
  }
  function count(scope) {
    var all = document.querySelectorAll("[data-in='" + scope + "']");
    var shown = Array.prototype.filter.call(all, function (item) { return !item.hidden; }).length;
    document.querySelectorAll("[data-count='" + scope + "']").forEach(function (place) {
      place.textContent = shown === all.length ? String(shown) : shown + " / " + all.length;
    });
  }
  apply();
  picks.forEach(function (pick) { pick.addEventListener("change", apply); });
  function openTarget() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    while (target) { if (target.tagName === "DETAILS") { target.open = true; } target = target.parentElement; }
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.always").forEach(function (item) { item.open = true; });
  });
})();
