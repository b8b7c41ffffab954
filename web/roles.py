"""The roles of the field: their names, and what they may do, from ``roles.yaml``."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from web.extension import wulian

if TYPE_CHECKING:
    from engine.people.policy import RolePowers


@lru_cache(maxsize=4)
def read_roles(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Each role by its key: ``name`` by language, ``powers``."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    roles = data.get("roles", data)
    if isinstance(roles, list):
        return {str(role["key"]): role for role in roles}
    return {str(key): role or {} for key, role in roles.items()}


def read_powers(path: Path) -> dict[str, "RolePowers"]:
    """What each role may do."""
    from engine.people.policy import load_powers

    return load_powers({key: role.get("powers") or {} for key, role in read_roles(path).items()})


def role_name(key: str) -> Mapping[str, str]:
    """A role's name by language; its key where the file has none."""
    role = read_roles(wulian().settings.roles_file).get(key, {})
    name = role.get("name")
    return name if isinstance(name, dict) else {"zh_Hans_CN": str(name or key), "en": str(name or key)}
