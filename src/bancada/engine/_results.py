"""What a worker answered, or what became of it instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine._jobs import FoldResult
from bancada.exceptions import StoreError, WorkerLost
from bancada.provenance import mask_secrets
from bancada.records import FoldError

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["LOST", "result_of"]

# The type of errors whose fold never answered.
LOST = "WorkerLost"


def result_of(future: Future[bytes]) -> FoldResult:
    """Return what a worker answered; whatever it could not answer is the failure of its fold.

    Raises:
        StoreError: The store cannot be written.
    """
    try:
        answer = future.result()
        result = msgspec.msgpack.decode(answer, type=FoldResult)
        output: str = getattr(answer, "output", "")
        return msgspec.structs.replace(result, output=output) if output else result
    except WorkerLost as lost:
        return FoldResult(error=FoldError(kind=lost.cause, type=LOST, message=lost.found), output=lost.output)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a worker could not answer fails its fold, not the sweep
        return FoldResult(
            error=FoldError(kind="exception", type=type(error).__name__, message=mask_secrets(str(error)))
        )
