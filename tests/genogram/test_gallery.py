"""The gallery: there only where it is switched on, with ten families and their ecomaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import a_worker
from tsunagi.genogram.rules.gallery import hard_families

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


def test_without_the_switch_there_is_no_gallery(client_of: Client) -> None:
    assert client_of(a_worker()).get("/genogram/gallery/").status_code == 404


@pytest.mark.urls("tests.genogram.gallery_urls")
def test_the_gallery_shows_ten_families(client_of: Client) -> None:
    answer = client_of(a_worker()).get("/the-gallery/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert len(hard_families()) == 10
    assert page.count("<svg xmlns=") == 20
    for hard in hard_families():
        assert f'id="{hard.key}"' in page
