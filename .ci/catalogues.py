"""The translation catalogues of the web and of each plugin: are they complete, and brought up to date.

    python .ci/catalogues.py check    tells what is missing and fails if anything is
    python .ci/catalogues.py update   takes the messages over from the sources

The sources speak English, so a new message is complete in English at once and waits for its Chinese.
The files hold no dates and no line numbers: they change only when a message does.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("zh_Hans_CN", "en")
SOURCE_LOCALE = "en"
METHODS = [("templates/**", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**": {"silent": "false"}}
KEYWORDS = DEFAULT_KEYWORDS | {"lazy": None}
NO_SOURCES = {"frontend", "static", "node_modules", "migrations", "__pycache__"}


def packages() -> list[Path]:
    """The folders that keep translations of their own."""
    return [
        folder
        for folder in (ROOT / "web", *sorted((ROOT / "plugins").glob("*")))
        if (folder / "translations").is_dir()
    ]


def path_of(package: Path, locale: str) -> Path:
    return package / "translations" / locale / "LC_MESSAGES" / "messages.po"


def template(package: Path) -> Catalog:
    """Every message that occurs in the sources of a package."""
    catalogue = Catalog()
    found = extract_from_dir(
        package,
        METHODS,
        OPTIONS,
        KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: Path(folder).name not in NO_SOURCES,
    )
    for file, _line, message, comments, context in found:
        catalogue.add(
            message,
            None,
            [(f"{package.name}/{Path(file).as_posix()}", 0)],
            auto_comments=comments,
            context=context,
        )
    return catalogue


def read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """All messages but the header."""
    return (message for message in catalogue if message.id)


def key(message: Message) -> tuple[object, ...]:
    return (message.context, message.id)


def faults(package: Path) -> Iterator[str]:
    """Sentences about everything that keeps a package's catalogues from being complete."""
    wanted = {key(message): message for message in messages(template(package))}
    for locale in LOCALES:
        path = path_of(package, locale)
        name = path.relative_to(ROOT)
        if not path.exists():
            yield f"{name} is missing"
            continue
        catalogue = read(path, locale)
        present = {key(message): message for message in messages(catalogue)}
        for missing in sorted(wanted.keys() - present.keys(), key=str):
            yield f"{name} lacks {wanted[missing].id!r} (python3 dev.py translate takes it over)"
        for surplus in sorted(present.keys() - wanted.keys(), key=str):
            yield f"{name} keeps {present[surplus].id!r}, which no source uses (python3 dev.py translate)"
        for message in present.values():
            texts = [message.string] if isinstance(message.string, str) else message.string
            if not texts or not all(text.strip() for text in texts):
                yield f"{name} leaves {message.id!r} untranslated"
            elif message.fuzzy:
                yield f"{name} isn't sure about {message.id!r} (fuzzy)"
            else:
                for error in message.check(catalogue):
                    yield f"{name}: {message.id!r}: {error}"


def update(package: Path) -> None:
    """Take over new messages and drop those no source uses; what is translated stays."""
    wanted = template(package)
    for locale in LOCALES:
        path = path_of(package, locale)
        old = read(path, locale) if path.exists() else Catalog(locale=locale)
        new = Catalog(locale=locale, header_comment="", fuzzy=False)
        for message in messages(wanted):
            kept = old.get(message.id, message.context)
            string = kept.string if kept and kept.string and any(kept.string) else ""
            if not string and locale == SOURCE_LOCALE:
                string = message.id
            if not string and message.pluralizable:
                string = ("",) * new.num_plurals
            flags = kept.flags - {"python-format", "python-brace-format"} if kept else ()
            new.add(
                message.id,
                string,
                message.locations,
                flags,
                message.auto_comments,
                kept.user_comments if kept else (),
                context=message.context,
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(header(new).encode())
            write_po(file, new, width=110, omit_header=True, sort_output=True, include_lineno=False)


def header(catalogue: Catalog) -> str:
    """The first entry, with what programs need and nothing that changes by itself."""
    fields = {
        "Language": str(catalogue.locale),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.plural_forms,
    }
    return (
        'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items()) + "\n"
    )


def main(task: str) -> int:
    if task == "update":
        for package in packages():
            update(package)
        return 0
    found = [fault for package in packages() for fault in faults(package)]
    print("\n".join(found) or "All messages are translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
