"""Under which code a failure is reported."""

import errno

import pytest

from ucoder_trainer.errors import JobError, as_job_error

WRAPPED = "Error while serializing: I/O error: No space left on device (os error 28)"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError(WRAPPED),
    ],
)
def test_full_disk_has_its_own_code(error: Exception):
    assert as_job_error(error).code == "disk-full"


def test_any_other_error_is_the_jobs_own():
    assert as_job_error(OSError(errno.EACCES, "Permission denied")).code == "training-failed"
    known = JobError("training-invalid", "no examples")
    assert as_job_error(known) is known
