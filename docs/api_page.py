"""Writes `docs/api.md`: every public name of every package, in the order of the packages' doors.

Usage: `python docs/api_page.py` writes the page; with `--check` it says whether the page is what the doors say.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"
PAGE = Path(__file__).with_name("api.md")
HEAD = """# API reference

Every public name, by the package that exports it. `import bancada as bc` gives the names of the first section.
"""


def public_names(tree: ast.Module) -> list[str]:
    """List the names in a module's `__all__`, in its order."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def sources(tree: ast.Module) -> dict[str, str]:
    """For each name that a door imports: the module that it takes it from."""
    return {
        alias.asname or alias.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def section(module: str, file: Path) -> list[str]:
    """Show one package: its first line, then its names.

    A name that the root takes from another package is shown there; the root's section links to it.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = public_names(tree)
    if not names:
        return []
    summary = (ast.get_docstring(tree) or "").partition("\n\n")[0]
    lines = [f"## `{module}`" + f" {{ #{module} }}", "", summary, ""]
    origin = sources(tree) if module == "bancada" else {}
    for name in names:
        target = f"{origin[name]}.{name}" if name in origin else f"{module}.{name}"
        if module == "bancada" and "._" not in target:
            lines.append(f"- [`{name}`](#{target})")
        else:
            lines += [f"::: {module}.{name}", ""]
    return [*lines, ""]


def page() -> str:
    """Return the text of the whole page."""
    package = SRC / "bancada"
    files = {"bancada": package / "__init__.py", "bancada.exceptions": package / "exceptions.py"}
    doors = (door for door in package.rglob("__init__.py") if door.parent != package)
    files |= {".".join(door.parent.relative_to(SRC).parts): door for door in sorted(doors)}
    lines = [line for module, file in files.items() for line in section(module, file)]
    return HEAD + "\n" + "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> None:
    """Write the page, or check it."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        sys.exit("`docs/api.md` must show what the packages export. It does not. Run `make api`.")


if __name__ == "__main__":
    main(sys.argv[1:])
