"""The pages by their address. A page is a list of charts and nothing else."""

from dashboard.page import Page, finder
from dashboard.pages import country, justice, overview, routes, smuggling, victims

# The pages in the order of the menu. The country page stands for as many addresses as there are countries.
PAGES: tuple[Page, ...] = (overview.PAGE, country.PAGE, victims.PAGE, routes.PAGE, justice.PAGE, smuggling.PAGE)
find = finder(PAGES)
