"""The baseline: a bare page (Flask, SQLAlchemy, Jinja; 3 queries, 10 KB) under the same server."""

import os
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from sqlalchemy import String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The parent of the baseline's tables."""


class Thing(Base):
    """A row as any page has them."""

    __tablename__ = "bare_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(200))


PAGE = """<!doctype html><html lang="en"><title>{{ one.name }}</title><h1>{{ one.name }}</h1>
<ul>{% for thing in things %}<li><a href="/{{ thing.id }}">{{ thing.name }}</a> {{ thing.text }}
{% endfor %}</ul><p>{{ more|length }}</p>"""


def make_app(url: str) -> Flask:
    app = Flask("bare")
    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 15}
    engine = create_engine(url, **options)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        if session.scalar(select(Thing.id).limit(1)) is None:
            session.add_all(
                Thing(name=f"Thing {n}", text="A line of text about it. " * 4) for n in range(200)
            )
            session.commit()
    engine.dispose()  # no connection may go through the server's fork

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            one = session.get(Thing, 1)
            things = session.scalars(select(Thing).order_by(Thing.id).limit(62)).all()
            more = session.scalars(select(Thing.name).where(Thing.id < 20)).all()
            return render_template_string(PAGE, one=one, things=things, more=more)

    return app


def _prepare(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def app() -> Flask:
    """What gunicorn loads: `bench.bare:app()`."""
    url = os.environ.get("BARE_DATABASE_URL")
    return make_app(url or f"sqlite:///{Path(os.environ['CONCORD_DATA']) / 'bare.sqlite'}")
