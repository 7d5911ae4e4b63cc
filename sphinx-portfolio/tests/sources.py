"""Sources as people have them, about invented persons: the files in `imports`."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

IMPORTS = Path(__file__).resolve().parent / "imports"
LINKEDIN = IMPORTS / "linkedin"
FORMATS = ("v0.json", "v1.json", "rendercv.yaml", "al-folio.yml", "talks.bib", "linkedin.zip")


def files(folder: Path) -> dict[str, Path]:
    """Return a file of each format; LinkedIn's archive is written to a folder."""
    found = {path.name: path for path in IMPORTS.iterdir() if path.is_file()}
    return found | {"linkedin.zip": linkedin(folder / "linkedin.zip")}


def linkedin(path: Path) -> Path:
    """Write the ZIP file of LinkedIn's export."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for file in sorted(LINKEDIN.iterdir()):
            archive.write(file, f"Basic_LinkedInDataExport/{file.name}")
    return path
