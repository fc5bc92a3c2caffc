"""The sign of the site, for who asks for it blindly."""

from __future__ import annotations

import struct


def test_the_icon_is_where_every_client_looks_for_it(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/x-icon"
    assert "max-age" in response["Cache-Control"]
    reserved, kind, pictures = struct.unpack("<HHH", response.content[:6])
    assert (reserved, kind) == (0, 1)
    sizes = {response.content[6 + 16 * number] for number in range(pictures)}
    assert sizes == {16, 32, 48}
