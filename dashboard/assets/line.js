// A line that drops for a minute loses nothing: a question that did not get through is asked again until it does.
(function () {
  "use strict";
  var send = window.fetch, QUESTIONS = ["/_dash-update-component", "/twin/"], LONGEST = 8000;

  function later(milliseconds) {
    return new Promise(function (resolve) {
      var timer = window.setTimeout(done, milliseconds);
      function done() {
        window.clearTimeout(timer);
        window.removeEventListener("online", done);
        resolve();
      }
      window.addEventListener("online", done);
    });
  }

  function say(down) {
    var line = document.getElementById("line");
    if (line) line.hidden = !down;
  }

  function ask(resource, options, wait) {
    return send(resource, options).then(function (answer) {
      say(false);
      return answer;
    }, function () {
      say(true);
      return later(wait).then(function () { return ask(resource, options, Math.min(wait * 2, LONGEST)); });
    });
  }

  window.fetch = function (resource, options) {
    var ours = typeof resource === "string" && QUESTIONS.some(function (one) { return resource.indexOf(one) >= 0; });
    return ours ? ask(resource, options, 500) : send(resource, options);
  };
})();
