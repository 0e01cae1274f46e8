"""What search engines, catalogues and feed readers find: standard forms that name real addresses of this site."""

from __future__ import annotations

import json
import re
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest

from dashboard.site import SiteError, named_address

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(address: str) -> str:
    with urlopen(address) as answer:
        return str(answer.read().decode())


def test_the_sitemap_that_robots_are_told_of_lists_pages_that_are_there(site: str) -> None:
    lines = read(f"{site}/robots.txt").splitlines()
    assert lines[0] == "User-agent: *" and lines[-1] == f"Sitemap: {site}/sitemap.xml"
    addresses = [entry.text or "" for entry in ElementTree.fromstring(read(f"{site}/sitemap.xml")).iter(f"{MAP}loc")]
    assert f"{site}/country/KEN" in addresses and f"{site}/country/KEN?lang=ar" in addresses
    assert len(addresses) == len(set(addresses)) and len(addresses) % 5 == 0
    for address in addresses[:: len(addresses) // 12]:
        with urlopen(address) as answer:
            assert answer.status == 200


def test_the_catalogue_is_a_dcat_data_set_whose_files_can_be_fetched(site: str) -> None:
    catalogue = json.loads(read(f"{site}/data.json"))
    (dataset,) = catalogue["dataset"]
    assert catalogue["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert {"title", "description", "keyword", "modified", "publisher", "identifier", "accessLevel"} <= set(dataset)
    csv = next(item for item in dataset["distribution"] if item["mediaType"] == "text/csv")
    assert "TIP_VIC_DET" in read(csv["downloadURL"])


@pytest.mark.parametrize(("address", "language"), [("/", "en"), ("/country/KEN?lang=ar", "ar")])
def test_a_page_describes_the_data_set_and_itself(site: str, address: str, language: str) -> None:
    page = read(f"{site}{address}")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found is not None
    described = json.loads(found.group(1))
    assert described["@type"] == "Dataset" and described["inLanguage"] == language
    assert described["url"] == f"{site}/" and len(described["spatialCoverage"]) >= 9
    assert re.search(r'<meta name="description" content="[^"]{20,}">', page)
    icon = re.search(r'<link rel="icon" href="([^"]+)"', page)
    assert icon is not None and "<svg" in read(f"{site}{icon.group(1)}")


def test_the_feed_lists_the_editions_that_are_known(site: str) -> None:
    root = ElementTree.fromstring(read(f"{site}/feed.atom"))
    entries = root.findall(f"{ATOM}entry")
    assert [root.findtext(f"{ATOM}updated"), len(entries)] == [entries[0].findtext(f"{ATOM}updated"), 1]
    edition = json.loads(read(entries[0].findtext(f"{ATOM}id") or ""))["edition"]
    assert entries[0].findtext(f"{ATOM}title") == f"Edition {edition}"


def test_a_public_address_that_is_none_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEMBE_ADDRESS", "https://pembe.example.org/")
    assert named_address() == "https://pembe.example.org"
    monkeypatch.setenv("PEMBE_ADDRESS", "pembe.example.org")
    with pytest.raises(SiteError, match="set it to the site's address, such as"):
        named_address()
