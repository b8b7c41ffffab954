"""What every benchmark prints: one JSON object a line, a figure beside its floor."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``ratio`` is what we reach of the floor: floor time ÷ our time, so that 1 would be the floor itself."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None

    def line(self, as_json: bool) -> str:
        if as_json:
            return json.dumps(asdict(self), ensure_ascii=False)
        beside = "" if self.floor is None else f"   floor {self.floor:g} {self.unit}"
        share = "" if self.ratio is None else f"   ratio {self.ratio:.2f}"
        return f"{self.name:<58} {self.value:>10g} {self.unit}{beside}{share}"
