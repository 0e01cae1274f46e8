"use strict";
// The parts of plotly.js that the screens draw with; `core` holds scatter.
var Plotly = require("plotly.js/lib/core");
Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/choropleth"),
  require("plotly.js/lib/sankey"),
  require("plotly.js/lib/scattergeo"),
]);
module.exports = Plotly;
