"""The pages by their address. A page is a list of charts and nothing else."""

from dashboard.page import Page, finder
from dashboard.pages import compare, country, justice, methods, overview, quality, routes, smuggling, victims

# The pages in the order of the menu. The country page stands for as many addresses as there are countries.
PAGES: tuple[Page, ...] = (
    overview.PAGE,
    country.PAGE,
    victims.PAGE,
    routes.PAGE,
    justice.PAGE,
    smuggling.PAGE,
    compare.PAGE,
    quality.PAGE,
    *methods.PAGES,
)
find = finder(PAGES)
