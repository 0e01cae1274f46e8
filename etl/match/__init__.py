"""The matcher: what a column, a word or a whole file may mean, with scores and reasons. It proposes and never decides."""

from etl.match.candidates import Candidate, HeaderMatch, HeaderSeen, ValueMatch
from etl.match.headers import guess_table, match_headers
from etl.match.values import match_values

__all__ = ["Candidate", "HeaderMatch", "HeaderSeen", "ValueMatch", "guess_table", "match_headers", "match_values"]
