"""What `make docs` adds to docs/: API reference, benchmarks and decisions, each from its one place."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
API = ROOT / "generated" / "docs"
ADDED = {"benchmarks.md": ROOT / "bench" / "README.md", **{f"api/{path.name}": path for path in API.glob("*.md")}}
LINK = re.compile(r"\[([^\]]*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Puts the pages of a folder in the place of its name."""
    config.nav = [_expanded(item) for item in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds pages that stand elsewhere in the repository."""
    for name, path in ADDED.items():
        files.append(File.generated(config, name, content=path.read_text()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs names its arguments
    """Leads links between files of the repository to their pages; of what is no page the name is left."""
    name = page.file.src_uri
    path = ADDED.get(name, ROOT / "docs" / name)

    def led(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(path.parent.relative_to(ROOT).as_posix(), found[2]))
        uri = next((uri for uri, at in ADDED.items() if at.relative_to(ROOT).as_posix() == target), None)
        if uri is None and target.startswith("docs/"):
            uri = target.removeprefix("docs/")
        if uri is None:
            return found[1] if found[1].startswith("`") else f"{found[1]} (`{target}`)"
        if files.get_file_from_path(uri) is None:
            return found[0]  # MkDocs says that it is broken
        return f"[{found[1]}]({posixpath.relpath(uri, posixpath.dirname(name) or '.')}{found[3] or ''})"

    return LINK.sub(led, markdown)


def _expanded(item: Any) -> Any:
    if isinstance(item, list):
        return [_expanded(one) for one in item]
    if not isinstance(item, dict):
        return item
    ((title, inside),) = item.items()
    if inside == "api/":
        pages = (name for name in ADDED if name.startswith("api/"))
        return {title: sorted(pages, key=lambda name: (name != "api/index.md", name))}
    if inside == "adr/":
        return {title: sorted(f"adr/{path.name}" for path in (ROOT / "docs" / "adr").glob("*.md"))}
    return {title: _expanded(inside)}
