"""Dates, times and durations."""

from engine.feel.temporal.arithmetic import (
    add_days,
    add_months,
    add_span,
    add_span_to_time,
    instant,
    time_instant,
    time_offset,
)
from engine.feel.temporal.distant import DistantDate, DistantMoment, difference, near_of, order, year_of
from engine.feel.temporal.properties import PROPERTIES
from engine.feel.temporal.reading import (
    READERS,
    combine,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_literal,
    parse_time,
)
from engine.feel.temporal.writing import format_date, format_datetime, format_duration, format_time

__all__ = [
    "PROPERTIES",
    "READERS",
    "DistantDate",
    "DistantMoment",
    "add_days",
    "add_months",
    "add_span",
    "add_span_to_time",
    "combine",
    "difference",
    "format_date",
    "format_datetime",
    "format_duration",
    "format_time",
    "instant",
    "near_of",
    "order",
    "parse_date",
    "parse_datetime",
    "parse_duration",
    "parse_literal",
    "parse_time",
    "time_instant",
    "time_offset",
    "year_of",
]
