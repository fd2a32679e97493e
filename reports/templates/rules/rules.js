(function () {
  var box = document.getElementById("search");
  if (!box) { return; }
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr.entry"));
  var count = document.getElementById("count");
  function narrow() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    var left = 0;
    rows.forEach(function (row) {
      var text = row.getAttribute("data-words");
      var shown = words.every(function (word) { return text.indexOf(word) >= 0; });
      row.hidden = !shown;
      left += shown ? 1 : 0;
    });
    document.querySelectorAll("section").forEach(function (section) {
      section.hidden = !section.querySelector("tr.entry:not([hidden])");
    });
    count.textContent = left + " / " + rows.length;
  }
  box.addEventListener("input", narrow);
  narrow();
})();
