"""The pages by their address. A page is a list of charts and nothing else."""

from dashboard.charts import Chart
from dashboard.pages import overview

PAGES: dict[str, tuple[Chart, ...]] = {"/": overview.CHARTS}
