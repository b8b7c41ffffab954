"""Identifiers as those see them who need to recognise but not to know."""

STAR = "*"


def mask_name(name: str) -> str:
    """王小明 → 王**; a name in letters keeps its first one."""
    return name[:1] + STAR * max(len(name) - 1, 0) if len(name) <= 4 else name[:1] + STAR * 3


def mask_document(number: str) -> str:
    """530103199001010016 → 530***********0016: the first three and the last four."""
    if len(number) <= 7:
        return STAR * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + STAR * (len(number) - 7) + number[-4:]


def mask_mobile(number: str) -> str:
    """13812345678 → 138****5678."""
    if len(number) < 8:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 7) + number[-4:]


def mask_address(text: str) -> str:
    """Keeps what leads to the neighbourhood and hides the door: at most the first six characters."""
    return text[:6] + STAR * 4 if len(text) > 6 else text
