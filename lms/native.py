"""The system libraries that draw certificates: are they here, and if not, what to type.

No wheel carries them, so the system's package manager must. Standard library only and no imports
of ours: the start script runs this file before anything else is installed.
"""

import ctypes
import sys

PACKAGES = {
    "apt-get": ("install -y", "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
    "dnf": ("install -y", "pango harfbuzz"),
    "apk": ("add", "pango harfbuzz-subset fontconfig"),
    "pacman": ("-S --noconfirm", "pango"),
    "brew": ("install", "pango"),
}
ON_LINUX = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
ON_MACOS = (
    "libgobject-2.0.dylib",
    "libpango-1.0.dylib",
    "libpangoft2-1.0.dylib",
    "libharfbuzz.dylib",
    "libharfbuzz-subset.dylib",
    "libfontconfig.dylib",
)


def missing_libraries() -> list[str]:
    """Return the file names of the libraries that cannot be loaded; empty when all is well."""
    wanted = ON_MACOS if sys.platform == "darwin" else ON_LINUX
    return [name for name in wanted if not _loads(name)]


def remedy() -> str:
    """Return the one command that installs them on this machine."""
    import shutil  # slow to import, and a start that lacks nothing does not need it

    for manager, (verb, packages) in PACKAGES.items():
        if shutil.which(manager):
            command = f"{manager} {verb} {packages}"
            return command if manager == "brew" else f"sudo {command}"
    return "install Pango 1.44 or newer (with pangoft2) and HarfBuzz (with harfbuzz-subset)"


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    # The start script reads this line: the Python's version, then what is missing.
    print(sys.version.split()[0], *missing_libraries())
