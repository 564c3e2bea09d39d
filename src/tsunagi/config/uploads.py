"""Where a file lies while it is being sent: on the disk without a name, so that nothing of it is left when we are killed."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessFile(UploadedFile):
    """An upload in an unlinked file. `too_large` when more came than anything may have; the rest was not kept."""

    too_large = False


class NamelessFileHandler(FileUploadHandler):
    """Streams what is sent into a file that has no name (tempfile.TemporaryFile): memory stays small, no copy stays."""

    file: NamelessFile

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        settings.VAR.mkdir(parents=True, exist_ok=True)
        store: IO[bytes] = tempfile.TemporaryFile(dir=settings.VAR)  # noqa: SIM115  # Django closes it
        self.file = NamelessFile(
            store, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless the file is already larger than anything may be."""
        if start + len(raw_data) > settings.LARGEST_UPLOAD:
            self.file.too_large = True
        else:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> NamelessFile:
        """The file is there; its size is what was sent, also when the rest was not kept."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file
