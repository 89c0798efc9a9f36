"""What can go wrong in a job, under the codes of the campaign's own table of errors."""

import errno
from typing import Literal

Code = Literal["training-failed", "training-invalid", "training-out-of-memory", "disk-full"]


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


# safetensors and torch wrap the system's error into one of their own, which keeps its text alone.
_NO_SPACE_TEXTS = ("No space left on device", "Disk quota exceeded")


def is_disk_full(error: BaseException) -> bool:
    """Whether the job would go on where somebody frees space."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(text in str(error) for text in _NO_SPACE_TEXTS)


def as_job_error(error: Exception) -> JobError:
    """The error to report; its whole trace stands in the job's log."""
    if isinstance(error, JobError):
        return error
    if is_disk_full(error):
        return JobError("disk-full", f"No space is left on the disk: {error}.")
    return JobError("training-failed", f"{type(error).__name__}: {str(error) or 'no message'}")
