"""What an installation decides: database, keys, folders, how long a session lasts."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import Invalid
from engine.people.vault import Vault
from engine.text import Text

LOCALES = ("zh_Hans_CN", "en")
WORKFLOWS = Path(__file__).resolve().parent.parent / "workflows"


@dataclass(frozen=True)
class Settings:
    """Read once by :func:`read_settings`; immutable afterwards.

    ``data_key`` is what personal data is sealed with, as :meth:`engine.people.vault.Vault.from_text` reads
    it. ``proxies`` is how many proxies stand in front and are to be believed about a visitor's address.
    ``mounted`` is true inside a host application, whose login and session are used.
    """

    database_url: str
    data_dir: Path
    secret_key: str = field(repr=False)
    data_key: str = field(repr=False)
    roles_file: Path = WORKFLOWS / "roles.yaml"
    idle: timedelta = timedelta(minutes=30)
    secure_cookies: bool = False
    proxies: int = 0
    demo: bool = False
    mounted: bool = False
    default_locale: str = LOCALES[0]


def read_settings(given: Mapping[str, object] | None = None, *, mounted: bool = False) -> Settings:
    """From ``given`` (keys such as ``WULIAN_DATABASE_URL``), else from the environment, else defaults for one
    machine.

    Without keys of its own an installation makes some at its first start and keeps them in
    ``data_dir/keys.json``, readable by its user alone. Raises Invalid with what is wrong with a setting.
    """
    given = given or {}

    def value(name: str, default: str = "") -> str:
        found = given.get(name)
        return str(found) if found is not None else os.environ.get(name, default)

    data_dir = Path(value("WULIAN_DATA_DIR", "var")).resolve()
    secret, data = value("WULIAN_SECRET_KEY"), value("WULIAN_DATA_KEY")
    if not secret or not data:
        kept = _kept_keys(data_dir / "keys.json")
        secret, data = secret or kept["secret_key"], data or kept["data_key"]
    return Settings(
        database_url=_database_url(value("WULIAN_DATABASE_URL") or f"sqlite:///{data_dir / 'wulian.db'}"),
        data_dir=data_dir,
        secret_key=secret,
        data_key=data,
        roles_file=Path(value("WULIAN_ROLES_FILE") or WORKFLOWS / "roles.yaml"),
        idle=timedelta(minutes=_number(value("WULIAN_SESSION_MINUTES", "30"), "WULIAN_SESSION_MINUTES")),
        secure_cookies=_yes(value("WULIAN_SECURE_COOKIES")),
        proxies=_number(value("WULIAN_PROXIES", "0"), "WULIAN_PROXIES", least=0),
        demo=_yes(value("WULIAN_DEMO")),
        mounted=mounted,
    )


def _database_url(text: str) -> str:
    try:
        usable = make_url(text).get_driver_name() in {"pysqlite", "psycopg"}
    except SQLAlchemyError:
        usable = False
    if not usable:
        raise Invalid(
            Text(
                "设置 WULIAN_DATABASE_URL 不是可用的数据库地址, 例如 postgresql+psycopg://user@host/name。",
                "The setting WULIAN_DATABASE_URL is no database address such as postgresql+psycopg://user@host/name.",
            )
        )
    return text


def _yes(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _number(text: str, name: str, least: int = 1) -> int:
    if not text.strip().isdecimal() or int(text) < least:
        raise Invalid(
            Text(
                f"设置 {name} 应是不小于 {least} 的整数。",
                f"The setting {name} must be a whole number of {least} or more.",
            )
        )
    return int(text)


def _kept_keys(path: Path) -> dict[str, str]:
    """Keys made by this installation. Two processes that start at once agree: the first to make the file
    wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {"secret_key": secrets.token_urlsafe(48), "data_key": Vault.new_key()}
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
