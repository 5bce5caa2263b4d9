"""What WeasyPrint's PDF/A-3a still lacks to be PDF/UA-1 as well, and associated files in full."""

import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pydyf

# PDF/A allows metadata of other schemas only where the file describes them (ISO 19005-3, 6.6.2.3).
_ACCESSIBLE = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" \
pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>
</rdf:RDF>"""


@dataclass(frozen=True)
class Associated:
    """A file that belongs to the certificate and travels inside it.

    Args:
        relationship: PDF's word for what it is to the page: Data, Source, Supplement, Alternative.
    """

    name: str
    data: bytes
    media_type: str
    relationship: str
    description: str


END: Final = b"\nendstream"
_plain_data: Final = pydyf.Stream.data.fget


def data_with_clear_end(self: pydyf.Stream) -> bytes:
    """Write a stream so that its length can be read in one way only.

    One stream in 256 ends with a carriage return, and then the line feed before `endstream` looks
    like the second half of a line end; PDF/A checkers count the data one byte short. Such a stream
    gets both halves.
    """
    data: bytes = _plain_data(self)
    return data[: -len(END)] + b"\r" + END if data.endswith(b"\r" + END) else data


pydyf.Stream.data = property(data_with_clear_end)


class Packed(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF whose bytes are made already."""

    compressible: bool = False
    data: bytes = b""

    def __init__(self, made: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation = made.number, made.generation
        self.compressible = made.compressible
        self.data = made.data


def pack_once(pdf: pydyf.PDF) -> None:
    """Write and compress each object now; pydyf does it twice, for the file and its identifier.

    Nothing may be changed in the file after this.
    """
    pdf.objects = [one if one.free == "f" else Packed(one) for one in pdf.objects]


def make_accessible(pdf: pydyf.PDF) -> None:
    """Claim PDF/UA-1 in the one metadata packet that PDF/A has, and show the title in viewers."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    packet = b"".join(stream.stream)
    if packet.count(b"</rdf:RDF>") != 1:
        raise ValueError("the metadata packet of WeasyPrint has changed")
    stream.stream = [packet.replace(b"</rdf:RDF>", _ACCESSIBLE)]
    stream.compress = False  # readable without a PDF reader, as PDF/A asks
    pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())["DisplayDocTitle"] = "true"


def say_what_colours_are(pdf: pydyf.PDF) -> None:
    """Name sRGB as the meaning of all colours (the output intent that PDF/A asks for).

    WeasyPrint does this too, but leaves the profile's file open and packs it anew for every page.
    """
    profile = pydyf.Stream([_packed_profile()], {"N": 3, "Filter": "/FlateDecode"}, compress=False)
    pdf.add_object(profile)
    name = pydyf.String("sRGB2014")
    intent = {"Type": "/OutputIntent", "S": "/GTS_PDFA1", "DestOutputProfile": profile.reference}
    intent |= {"OutputConditionIdentifier": name, "Info": name}
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


@cache
def _packed_profile() -> bytes:
    return zlib.compress((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), 9)


def describe_files(pdf: pydyf.PDF, attached: tuple[Associated, ...]) -> None:
    """Give each associated file its own media type, and name it once."""
    kinds = {pydyf.String(one.name).data: one.media_type for one in attached}
    for made in pdf.objects:
        if isinstance(made, dict) and made.get("Type") == "/Filespec":
            stream = pdf.objects[int(made["EF"]["F"].split()[0])]
            stream.extra["Subtype"] = _name(kinds[made["UF"].data])
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _name(media_type: str) -> str:
    """Return a media type as a name of PDF, in which only plain letters stand for themselves."""
    plain: Any = (x if x.isalnum() or x in "-." else f"#{ord(x):02x}" for x in media_type)
    return "/" + "".join(plain)
