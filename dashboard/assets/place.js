// Write the HTML that the server sent as text into its place: tables of a thousand cells are too many for Dash's own drawing.
(function () {
  "use strict";
  function place(element) {
    element.innerHTML = element.dataset.html;
    // Where a grid of years is wider than the screen, the latest years are what a reader looks for.
    element.querySelectorAll(".scroll:has(> .grid)").forEach(function (frame) {
      frame.scrollLeft = document.dir === "rtl" ? -frame.scrollWidth : frame.scrollWidth;
    });
  }
  // A link to something folded unfolds it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#s-']"), aim = link && document.getElementById(link.hash.slice(1));
    if (aim) aim.open = true;
  });
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") {
        place(change.target);
        return;
      }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== Node.ELEMENT_NODE) return;
        if (node.dataset.html) place(node);
        node.querySelectorAll("[data-html]").forEach(place);
      });
    });
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-html"] });
})();
