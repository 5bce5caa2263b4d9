"""Pictures: drawings made harmless, photographs measured and freed of camera data."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from lms.errors import N_
from lms.packages.domain.content import Media
from lms.packages.reader.bench import Bench
from lms.packages.reader.drawings import BadDrawing, clean_drawing
from lms.packages.reader.findings import Place
from lms.packages.reader.source import MB

MOST_BYTES = 8 * MB
MOST_PIXELS = 40_000_000
_FORMATS = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG", "jpeg": "JPEG"}
_TYPES = {"PNG": "image/png", "WEBP": "image/webp", "JPEG": "image/jpeg", "SVG": "image/svg+xml"}
ENDINGS = (*_FORMATS, "svg")
_BROKEN = (  # what decoders raise on bytes that are not what they say
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Picture:
    """A picture that was read: its kept bytes and its size in pixels (or SVG units)."""

    digest: str
    extension: str
    media_type: str
    width: int
    height: int

    def shown(self, alt: str, caption: str = "") -> Media:
        return Media(
            digest=self.digest,
            extension=self.extension,
            media_type=self.media_type,
            alt=alt,
            caption=caption,
            width=self.width,
            height=self.height,
        )


class Pictures:
    """Reads each picture once, however often it is shown."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._known: dict[str, Picture | None] = {}

    def read(self, path: str, place: Place) -> Picture | None:
        """Return the picture; None, with a finding, if there is none or it is unusable."""
        if path not in self._known:
            data = self.bench.data(path)
            if data is None:
                missing_file(self.bench, path, place)
                return None
            self._known[path] = self._read(path, data)
        return self._known[path]

    def _read(self, path: str, data: bytes) -> Picture | None:
        if not self.bench.in_time():
            return None
        if len(data) > MOST_BYTES:
            self._refuse(
                path,
                N_("The picture is larger than %(most)s MB."),
                N_("Save it smaller."),
                most=MOST_BYTES // MB,
            )
            return None
        ending = path.rpartition(".")[2].lower()
        reader: Callable[[str, bytes], Picture | None] = (
            self._read_drawing if ending == "svg" else self._read_photo
        )
        return reader(path, data)

    def _read_drawing(self, path: str, data: bytes) -> Picture | None:
        try:
            drawing = clean_drawing(data)
        except BadDrawing as error:
            self.bench.findings.error(
                Place(path, error.line, error.column), error.message, error.remedy, **error.values
            )
            return None
        for line, name in drawing.dropped:
            self.bench.findings.warn(
                Place(path, line),
                N_("<%(name)s> was left out of the drawing."),
                N_("Check in the preview that nothing is missing, or save as plain SVG."),
                name=name,
            )
        blob = self.bench.keep(drawing.data, "svg", _TYPES["SVG"])
        return Picture(blob.digest, "svg", blob.media_type, drawing.width, drawing.height)

    def _read_photo(self, path: str, data: bytes) -> Picture | None:
        try:
            # a library in the same process may have told Pillow to take cut-off pictures for whole
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            with Image.open(io.BytesIO(data), formats=["PNG", "WEBP", "JPEG"]) as image:
                if image.width * image.height > MOST_PIXELS:
                    self._refuse(
                        path,
                        N_("The picture has more than %(most)s million pixels."),
                        N_("Save it smaller."),
                        most=MOST_PIXELS // 1_000_000,
                    )
                    return None
                return self._keep_photo(path, data, image)
        except _BROKEN as error:
            self._refuse(
                path,
                N_("This is not a picture that can be read (%(why)s)."),
                N_("Save it again as PNG, JPEG or WebP."),
                why=type(error).__name__,
            )
            return None

    def _keep_photo(self, path: str, data: bytes, image: Image.Image) -> Picture | None:
        kind = str(image.format)
        if _FORMATS.get(path.rpartition(".")[2].lower()) != kind:
            self._refuse(
                path,
                N_("The file is a %(kind)s picture, and its name says otherwise."),
                N_("Give it the right ending."),
                kind=kind,
            )
            return None
        image.load()
        if len(image.getexif()):
            image, data = _without_camera_data(image, kind)
            self.bench.findings.warn(
                Place(path),
                N_("The picture holds camera data (EXIF); the published copy is without it."),
                N_("Save it without metadata: it may tell where a person was photographed."),
            )
        extension = {"JPEG": "jpg"}.get(kind, kind.lower())
        blob = self.bench.keep(data, extension, _TYPES[kind])
        return Picture(blob.digest, extension, blob.media_type, image.width, image.height)

    def _refuse(self, path: str, message: str, remedy: str, **values: object) -> None:
        self.bench.findings.error(Place(path), message, remedy, **values)


def missing_file(bench: Bench, path: str, place: Place) -> None:
    bench.findings.error(
        place,
        N_("There is no file “%(path)s”."),
        N_("Put it there, or mend the path: paths begin at the package's root."),
        path=path,
    )


def _without_camera_data(image: Image.Image, kind: str) -> tuple[Image.Image, bytes]:
    upright = ImageOps.exif_transpose(image)
    for name in ("exif", "xmp", "XML:com.adobe.xmp"):
        upright.info.pop(name, None)
    packed = io.BytesIO()
    options = {"PNG": {"optimize": True}, "WEBP": {"quality": 90}, "JPEG": {"quality": 92}}
    upright.save(packed, kind, **options[kind])  # type: ignore[arg-type]
    return upright, packed.getvalue()
