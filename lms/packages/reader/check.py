"""The one check that the upload page and the command run: everything that is wrong, at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.packages.domain.content import (
    Author,
    CertificateSpec,
    Content,
    Rights,
    Step,
    ValiditySpec,
)
from lms.packages.domain.findings import Finding, Report
from lms.packages.domain.identity import package_digest
from lms.packages.reader.bench import Bench, Blob
from lms.packages.reader.findings import Findings, Place
from lms.packages.reader.paths import check_path
from lms.packages.reader.shape import shaped
from lms.packages.reader.slides import Decks
from lms.packages.reader.source import ROOT_FILE, Source, as_zip, read_source
from lms.packages.reader.steps import StepReader
from lms.packages.reader.terms import check_renewal, check_terms
from lms.packages.reader.yaml import Document, read_yaml
from lms.packages.schemas import STEPS, PackageSchema, made

DECKS_AT_ONCE = 2
_NEVER_UNUSED = ("readme", "license", "licence", "changelog", "notice")


@dataclass(frozen=True)
class Build:
    """A package that may be published: its name, what it says, and the files that pages show."""

    digest: str
    content: Content
    blobs: dict[str, Blob]
    source: Source

    def source_zip(self) -> bytes:
        return as_zip(self.source)


@dataclass(frozen=True)
class Checked:
    """What a check says; there is a build only where the report holds no error."""

    report: Report
    build: Build | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings


def check_package(given: Path | bytes) -> Checked:
    """Check and compile the package in a folder, in a zip file, or in the bytes of a zip."""
    findings = Findings()
    source = read_source(given, findings)
    bench = Bench(source, findings)
    content = _content(bench) if source.files else None
    if not source.files and not findings.failed:
        findings.error(Place(""), N_("There are no files in it."))
    if content is None or findings.failed:
        return Checked(findings.report(), None)
    digest = digest_of(source, content.instrument_ref)
    return Checked(findings.report(), Build(digest, content, bench.blobs, source))


def digest_of(source: Source, instrument_ref: str) -> str:
    shipped = instruments.library_digest(instrument_ref) if _in_library(instrument_ref) else None
    return package_digest(source.digests, shipped)


def quick_name(given: Path | bytes) -> tuple[str, str] | None:
    """Return slug and version as package.yaml says them, without checking anything else.

    None where they cannot be told.
    """
    findings = Findings()
    document = _root(Bench(read_source(given, findings), findings))
    if document is None or findings.failed or not isinstance(document.data, dict):
        return None
    slug, version = document.data.get("slug"), document.data.get("version")
    return (slug, version) if isinstance(slug, str) and isinstance(version, str) else None


def quick_digest(given: Path | bytes) -> str | None:
    """Return the digest that the package would be published under, without checking it.

    None where that cannot be told without a check.
    """
    findings = Findings()
    source = read_source(given, findings)
    document = _root(Bench(source, findings))
    if document is None or findings.failed or not isinstance(document.data, dict):
        return None
    named = document.data.get("instrument")
    if not isinstance(named, str):
        return None
    own = named.endswith((".yaml", ".yml"))
    return digest_of(source, "" if own else named) if own or _in_library(named) else None


def _in_library(ref: str) -> bool:
    return ref in instruments.library_ids()


def _content(bench: Bench) -> Content | None:
    document = _root(bench)
    if document is None:
        return None
    package = shaped(document, PackageSchema, bench.findings)
    whole = package is not None
    if package is not None:
        check_terms(document, package["certificate"], bench.findings)
        check_renewal(document, package, bench.findings)
    package = package if package is not None else _salvaged(document)
    instrument = _instrument(bench, document, package.get("instrument"))
    with ThreadPoolExecutor(DECKS_AT_ONCE) as pool:
        reader = StepReader(bench, document, instrument, Decks(bench, pool))
        steps = reader.read(package["steps"], package.get("at"), package.get("calibration"))
    _check_unused(bench)
    if not whole or instrument is None or bench.findings.failed:
        return None
    content = _assembled(package, instrument, steps, bench.source)
    return replace(content, calibration=reader.calibration)


def _root(bench: Bench) -> Document | None:
    data = bench.data(ROOT_FILE)
    if data is None:
        if bench.source.files:
            bench.findings.error(
                Place(""),
                N_("There is no package.yaml."),
                N_("Put it at the top of the folder that you pack."),
            )
        return None
    return read_yaml(ROOT_FILE, data, bench.findings)


def _salvaged(document: Document) -> dict[str, Any]:
    """Return what can be checked further although package.yaml has mistakes of shape."""
    data = document.data if isinstance(document.data, dict) else {}
    steps, at = [], []
    for number, raw in enumerate(data["steps"] if isinstance(data.get("steps"), list) else []):
        schema = STEPS.get(str(raw.get("kind"))) if isinstance(raw, dict) else None
        if schema is not None and not made(schema).validate(raw):
            steps.append(made(schema).load(raw))
            at.append(number)
    return {"steps": steps, "at": at, "instrument": data.get("instrument")}


def _instrument(bench: Bench, document: Document, named: Any) -> instruments.Instrument | None:
    place = document.place("instrument")
    if not isinstance(named, str):
        return None
    if named.endswith((".yaml", ".yml")):
        return _own_instrument(bench, named, place)
    try:
        return instruments.load_library(named)
    except NotFound:
        bench.findings.error(
            place,
            N_("There is no instrument “%(ref)s” in the library."),
            N_("There are: %(known)s. Or name a file of the package: instrument.yaml."),
            ref=named,
            known=", ".join(instruments.library_ids()),
        )
        return None


def _own_instrument(bench: Bench, path: str, place: Place) -> instruments.Instrument | None:
    data = check_path(bench, path, place)
    own = read_yaml(path, data, bench.findings) if data is not None else None
    if own is None:
        return None
    try:
        instrument = instruments.instrument_from_data(own.data)
    except instruments.DefinitionError as error:
        for problem in error.problems:
            bench.findings.error(own.place(*problem.path), problem.message, **problem.values)
        return None
    if _in_library(instrument.ref):
        bench.findings.error(
            own.place("version"),
            N_("The library has an instrument %(ref)s already."),
            N_("Name the library's in package.yaml, or give yours another id or version."),
            ref=instrument.ref,
        )
    return instrument


def _check_unused(bench: Bench) -> None:
    for path in sorted(set(bench.source.files) - bench.used):
        if not path.lower().startswith(_NEVER_UNUSED):
            bench.findings.warn(
                Place(path),
                N_("The file is not used."),
                N_("Name it where it belongs, or leave it out."),
            )


def _assembled(
    package: dict[str, Any],
    instrument: instruments.Instrument,
    steps: tuple[Step, ...],
    source: Source,
) -> Content:
    plain = ("format", "slug", "version", "title", "summary", "language", "minutes", "licence")
    return Content(
        **{name: package[name] for name in plain},
        demonstration=package["demonstration"],
        objectives=tuple(package["objectives"]),
        authors=tuple(Author(**author) for author in package["authors"]),
        rights=Rights(**package["rights"]),
        certificate=_certificate(package["certificate"]),
        instrument_ref=instrument.ref,
        instrument=instruments.instrument_to_data(instrument),
        steps=steps,
        files=source.digests,
    )


def _certificate(data: dict[str, Any]) -> CertificateSpec:
    rule = data["validity"]
    again = data["renewal"]
    return CertificateSpec(
        **{
            **data,
            "validity": ValiditySpec(**rule) if rule else None,
            "renewal": tuple(again) if again else None,
        }
    )
