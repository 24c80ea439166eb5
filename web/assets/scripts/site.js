// Small aids that every page works without.
(function () {
  "use strict";

  // Finding within a long list of check boxes: hides what does not match, keeps what is ticked.
  document.querySelectorAll("[data-find-in]").forEach(function (box) {
    var list = document.getElementById(box.getAttribute("data-find-in"));
    var said = document.getElementById(box.getAttribute("data-find-said"));
    if (!list) return;
    box.parentElement.hidden = false;
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      var shown = 0;
      list.querySelectorAll(".govuk-checkboxes__item").forEach(function (item) {
        var ticked = item.querySelector("input").checked;
        var fits = !wanted || item.textContent.toLowerCase().indexOf(wanted) !== -1;
        item.hidden = !(fits || ticked);
        if (!item.hidden) shown += 1;
      });
      if (said) said.textContent = shown + (shown === 1 ? " choice" : " choices") + " shown";
    });
    box.addEventListener("keydown", function (event) {
      // Enter here narrows the list; it must not send the form half filled in.
      if (event.key === "Enter") event.preventDefault();
    });
  });

  // Filters start folded away on small screens, open where there is room beside the results.
  var fold = document.querySelector("[data-fold-on-small]");
  if (fold && window.matchMedia("(max-width: 48.0525em)").matches) fold.open = false;
})();
