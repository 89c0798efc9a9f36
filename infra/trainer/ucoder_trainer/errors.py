"""What can go wrong in a job, under the codes of the campaign's own table of errors."""

from typing import Literal

Code = Literal["training-failed", "training-invalid", "training-out-of-memory"]


class JobError(Exception):
    """A failure whose message is meant for the operator."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code


# torch raises a plain RuntimeError where the CPU's allocator, cuBLAS or cuDNN run out.
_OUT_OF_MEMORY_TEXTS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether less work on the device at once might cure this error."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in _OUT_OF_MEMORY_TEXTS)


def is_not_deterministic(error: BaseException) -> bool:
    """Whether the model needs an operation that torch has in no deterministic form for this device."""
    return isinstance(error, RuntimeError) and "does not have a deterministic implementation" in str(error)


def as_job_error(error: Exception) -> JobError:
    """The error to report; its whole trace stands in the job's log."""
    if isinstance(error, JobError):
        return error
    if isinstance(error, OSError) and error.errno == 28:
        return JobError("training-failed", f"No space is left on the disk: {error}.")
    return JobError("training-failed", f"{type(error).__name__}: {str(error) or 'no message'}")
