"""The duration Python lacks."""

from typing import NamedTuple


class YearsMonths(NamedTuple):
    """A years-and-months duration, as a signed count of months."""

    total: int

    @property
    def years(self) -> int:
        return abs(self.total) // 12 * (1 if self.total >= 0 else -1)

    @property
    def months(self) -> int:
        return abs(self.total) % 12 * (1 if self.total >= 0 else -1)

    def __str__(self) -> str:
        years, months = divmod(abs(self.total), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.total < 0 else "") + "P" + (parts or "0M")
