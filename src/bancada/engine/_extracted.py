"""What was extracted from a session as a module: kept by the driver, imported by workers."""

from __future__ import annotations

import io
import linecache
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bancada.identity import digest_bytes
from bancada.provenance import find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.engine._jobs import ModelSpec
    from bancada.store import Store

__all__ = ["FILE_PREFIX", "found", "import_extracted", "keep", "pickled"]

# No module of a person, a project or a package is named so: the digest says what is in it.
MODULE_PREFIX = "_bancada_extracted_"
FILE_PREFIX = "<extracted "


def keep(text: str, store: Store) -> tuple[str, str, tuple[str, ...]]:
    """Keep a text as an object, unless it holds a secret.

    Args:
        text: The module.
        store: Where it is kept.

    Returns:
        Its digest; the text where it must travel with the job, else nothing; and the kinds of secrets in it.
    """
    secrets = find_secrets(text)
    data = text.encode()
    return (digest_bytes(data), text, tuple(secrets)) if secrets else (store.objects.put(data), "", ())


def import_extracted(spec: ModelSpec, store: Store) -> ModuleType:
    """Return the module of a job, made of its text once in a process.

    Args:
        spec: Names the object, or holds the text.
        store: Where the driver of this very session has kept it.

    Raises:
        StoreError: The object is missing, or was altered.
    """
    name = f"{MODULE_PREFIX}{spec.extracted}"
    known = sys.modules.get(name)
    if known is not None:
        return known
    import cloudpickle  # noqa: PLC0415 - needed only where something was extracted

    text = spec.text or store.objects.get(spec.extracted).decode()
    module = ModuleType(name)
    file = f"{FILE_PREFIX}{spec.extracted[:12]}>"
    # Tracebacks show its lines.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    sys.modules[name] = module
    try:
        exec(compile(text, file, "exec", dont_inherit=True), vars(module))  # noqa: S102 - written by this session's driver
    except BaseException:
        del sys.modules[name]
        raise
    # A fitted model must be readable where this module was never made.
    cloudpickle.register_pickle_by_value(module)
    return module


def pickled(value: Any, named: Iterable[tuple[Any, str]], digest: str) -> bytes:
    """Return a value as bytes in which what was extracted is found in its module.

    Args:
        value: A model.
        named: What was extracted, with its names.
        digest: Names the module's object.
    """
    import cloudpickle  # noqa: PLC0415 - as above

    names = {id(item): name for item, name in named}

    class Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no types
        """Writes what was extracted by its name."""

        def reducer_override(self, obj: Any) -> Any:
            """Return how an object is made again."""
            return (found, (digest, names[id(obj)])) if id(obj) in names else super().reducer_override(obj)

    with io.BytesIO() as stream:
        Pickler(stream).dump(value)
        return stream.getvalue()


def found(digest: str, name: str) -> Any:
    """Return what the module of a digest has under a name; the module was made before."""
    return getattr(sys.modules[f"{MODULE_PREFIX}{digest}"], name)
