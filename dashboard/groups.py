"""Indicators that screens show together, each in its own counting unit."""

from __future__ import annotations

# Notifications, cases and persons on the way through justice; none is ever a part of another.
JUSTICE = (
    "TIP_NOTIF", "TIP_NOTIF_INVEST", "TIP_CASE", "TIP_OFFENCE", "TIP_INVEST_CASE", "TIP_INVEST", "TIP_TO_DPP_CASE",
    "TIP_PROSEC_CASE", "TIP_PROSEC", "TIP_CONV_CASE", "TIP_CONV", "TIP_CONV_UNK",
)  # fmt: skip
JUSTICE_PUBLISHED = ("TIP_OFFENCE", "TIP_INVEST_CASE", "TIP_INVEST", "TIP_PROSEC_CASE", "TIP_PROSEC", "TIP_CONV_CASE", "TIP_CONV")
