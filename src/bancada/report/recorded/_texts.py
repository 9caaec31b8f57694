"""The code of a run with its texts, from what was kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Table
from bancada.report._listing import CodeDocument, code_table, stored_code
from bancada.reproduction.differing import KeptCode, definition_text

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["SourceCode", "code_tables", "source_code"]


class SourceCode(CodeDocument, frozen=True, kw_only=True):
    """`bancada.code/1` of a run: `texts` holds the text of each definition, by module and name, where it is kept."""

    run_id: str
    texts: dict[str, str]


def source_code(record: RunRecord, store: Store) -> SourceCode | None:
    """Return what a run's identity consists of, with the texts; None where the run has no list of it.

    Raises:
        StoreError: The list is missing, or was altered.
    """
    name = record.provenance.get("code")
    if name is None:
        return None
    document = stored_code(record.candidate, store.objects.get(str(name)))
    kept = KeptCode(record, store.objects.get)
    found = {(item.module, item.name): kept.text(item.path) for item in document.definitions}
    texts = {
        f"{module}.{name}": definition_text(text, name) for (module, name), text in found.items() if text is not None
    }
    fields = {field: getattr(document, field) for field in document.__struct_fields__}
    return SourceCode(**fields, run_id=record.run_id, texts=texts)


def code_tables(document: SourceCode) -> tuple[Table, ...]:
    """Set the definitions as a table, and below it the text of each; imports are in the table alone."""
    return (code_table(document), *(_text(name, text) for name, text in document.texts.items() if not _imports(text)))


def _text(name: str, text: str) -> Table:
    return Table((Column(name),), tuple((line or " ",) for line in text.expandtabs(4).splitlines()))


def _imports(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(line.startswith(("import ", "from ")) for line in lines)
