"""What pages say more than once."""

APART = "Identified, presumed and intercepted persons are counted apart and are never added: one person may be in several."
CODES = "Bars that are set in are part of the bar above them. A country's figures follow its own law: compare with care."
COLUMNS = (
    "Each country has its own scale: read the heights within a country, not across countries, which count by their own laws. "
    "Hatched columns are periods that are not calendar years, such as the Ethiopian fiscal year; they stand at the year in which "
    "they end. A lighter column is a second figure of the same source for the same period."
)
LATEST = (
    "Each panel is the last period with figures of one source; choose years above to see an earlier one. "
    "Sources are never added up. "
    "What is counted from records and is not listed is none, or too few to tell."
)
NOTHING = "No country counts this for the choice at hand."
OTHERS = "Figures of other bodies stand beside those of the countries and are never added to them."
NO_OTHERS = "No other body has published a figure for this choice."
RATIOS = (
    "Ratios are of one source, period and unit, as the edition holds them. Persons convicted in a year were often prosecuted in "
    "another, so that a ratio may be above 100 and is no rate of success."
)
UNITS = "Cases, incidents, offences and persons are different units; a bar is never compared with one of another unit."
