// Two conveniences; every page works without this file.
(function () {
  "use strict";
  document.querySelectorAll("p.search").forEach(function (box) {
    var input = box.querySelector("input");
    box.hidden = false;
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      box.parentElement.querySelectorAll("[data-words]").forEach(function (item) {
        var ticked = item.querySelector("input:checked");
        var found = item.dataset.words.toLowerCase().indexOf(wanted) >= 0;
        item.hidden = wanted !== "" && !found && !ticked;
      });
    });
  });
  document.querySelectorAll("button.print").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
