"""PyLD's reading of JSON-LD, remembering the contexts it worked out (docs/decisions/0079)."""

import json
from collections import OrderedDict
from typing import Any, Final

from pyld import jsonld

MOST: Final = 200


class Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """Works out each context once for the context that it is met in.

    PyLD remembers that for whole documents, and works out anew what a context says of one type
    alone, for each object of that type in each badge: half of the time of a badge. A context that
    is worked out is never changed (PyLD freezes it), so what comes of two is always the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._worked_out: OrderedDict[Any, tuple[Any, ...]] = OrderedDict()

    def _process_context(
        self, active_ctx: Any, local_ctx: Any, options: Any, *given: Any, **named: Any
    ) -> Any:
        if not isinstance(active_ctx, jsonld.frozendict) or "cycles" in named or len(given) > 3:
            return super()._process_context(active_ctx, local_ctx, options, *given, **named)
        said = local_ctx if isinstance(local_ctx, jsonld.frozendict) else None
        name = id(local_ctx) if said is not None else json.dumps(local_ctx, default=dict)
        key = (id(active_ctx), name, given, tuple(sorted(named.items())))
        if key not in self._worked_out:
            made = super()._process_context(active_ctx, local_ctx, options, *given, **named)
            # what the key names by its place in memory is kept, so that nothing else gets there
            self._worked_out[key] = (made, active_ctx, said)
        self._worked_out.move_to_end(key)
        while len(self._worked_out) > MOST:
            self._worked_out.popitem(last=False)
        return self._worked_out[key][0]
